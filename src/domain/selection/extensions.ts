/** File kinds by extension (lower case, without the dot). */
export const VIDEO_EXTENSIONS: ReadonlySet<string> = new Set(
  'mkv mp4 m4v avi mov wmv ts m2ts mts webm mpg mpeg ogm flv mk3d'.split(' '),
);

const EXECUTABLES: ReadonlySet<string> = new Set(
  'exe msi bat cmd com scr lnk vbs vbe js jse wsf ps1 jar apk dmg pkg sh reg hta cpl pif url'.split(' '),
);
const ARCHIVES: ReadonlySet<string> = new Set('rar zip 7z tar gz bz2 xz zipx arj lzh cab ace'.split(' '));
const ARCHIVE_PART = /^(?:r\d{2,3}|\d{3})$/;
const DISC_IMAGES: ReadonlySet<string> = new Set('iso img vob ifo bup nrg'.split(' '));

export type FileKind = 'video' | 'executable' | 'archive' | 'disc-image' | 'other';

export function fileKind(extension: string): FileKind {
  if (VIDEO_EXTENSIONS.has(extension)) return 'video';
  if (EXECUTABLES.has(extension)) return 'executable';
  if (ARCHIVES.has(extension) || ARCHIVE_PART.test(extension)) return 'archive';
  return DISC_IMAGES.has(extension) ? 'disc-image' : 'other';
}

/**
 * Takes a known video extension off a release name, where `.ts` would be read as TeleSync.
 * An upper-case `.TS` stays: at the end of a release name that is the TeleSync tag, and a wrong accept costs more.
 */
export function splitVideoExtension(name: string): { stem: string; extension: string | null } {
  const match = /^(.+)\.([A-Za-z0-9]{2,4})$/s.exec(name);
  const stem = match?.[1];
  const written = match?.[2] ?? '';
  const extension = written.toLowerCase();
  if (stem === undefined || written === 'TS' || !VIDEO_EXTENSIONS.has(extension))
    return { stem: name, extension: null };
  return { stem, extension };
}
