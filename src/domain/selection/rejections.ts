/** Every reason to refuse a release, with its meaning; the keys are the codes a user sees. */
export const rejectionCodes = {
  'no-hash': 'The stream names no torrent (no 40-digit info hash).',
  blocked: 'This torrent failed before, or was rejected by hand.',
  'refused-by-name': 'Real-Debrid refused this torrent by its name (HTTP 451).',
  'lacks-episode': 'This torrent was looked into before: it does not hold the wanted episodes.',
  title: 'The name is not that of the wanted title.',
  year: 'The year in the name, or in that of the movie file, is not that of the wanted title.',
  'is-episode': 'A movie is wanted, this is an episode or a season.',
  season: 'Another season than the wanted one.',
  episode: 'None of the wanted episodes.',
  numbering: 'No season in the name, and no known absolute number or air date that tells the episode.',
  'partial-pack': 'Part of a season, and nothing says that the wanted episodes are in it.',
  extras: 'Bonus material.',
  banned: 'A kind of release that the profile bans (`banned`).',
  'banned-term': 'The name has a word that the profile bans (`bannedTerms`).',
  group: 'The release group is on the list of the profile (`groups.reject`).',
  'not-4k': 'A 4K request needs 2160p.',
  quality: 'Resolution and source are in no tier of the profile (`qualities`).',
  'unknown-source': 'The name states no source, and the profile wants one (`unknownSource`).',
  'held-out': 'A lower tier, while the profile still waits for the best one (`acceptLowerAfter`).',
  language: 'The audio language is not what the profile wants (`languages`).',
  hdr: 'A kind of HDR that the profile does not allow (`hdr`).',
  'too-small': 'Fewer MB per minute than the profile allows (`sizeMbPerMin`).',
  'too-big': 'More MB per minute, or more GB, than the profile allows (`sizeMbPerMin`, `maxSizeGb`).',
  uncached: 'Not cached at Real-Debrid, and the profile wants cached ones only (`uncached.allow`).',
  seeders: 'Not cached and too few seeders to be downloaded (`uncached.minSeeders`).',
  'name-filter': 'Real-Debrid is predicted to refuse the name (`realDebrid.nameFilter`, mode `skip`).',
  executable: 'The torrent holds a program, script or shortcut.',
  archive: 'The torrent is an archive (rar, zip, …).',
  'disc-structure': 'The torrent is a disc or a disc image.',
  'no-video': 'The torrent holds no video file.',
  'files-too-small': 'The video files are too small to be what the name says.',
  'only-extras': 'The video files are samples, trailers or other extras.',
  'is-series': 'A movie is wanted, the files are episodes.',
  'multi-part': 'The movie is cut into several files.',
  'ambiguous-collection': 'Several movies, and not exactly one that is the wanted one.',
  'episode-absent': 'None of the wanted episodes is among the files.',
} as const;

export type RejectionCode = keyof typeof rejectionCodes;

/** Why a release is refused: what was found and what was asked for, both short and readable. */
export interface Rejection {
  code: RejectionCode;
  got: string;
  wanted: string;
  /** false = the same release may be accepted later without a change of the configuration. */
  permanent: boolean;
}

/** A refusal that stands as long as the configuration does. */
export const refuse = (code: RejectionCode, got: string, wanted: string): Rejection => ({
  code,
  got,
  wanted,
  permanent: true,
});

/** A refusal that time or new knowledge can end. */
export const refuseForNow = (code: RejectionCode, got: string, wanted: string): Rejection => ({
  code,
  got,
  wanted,
  permanent: false,
});
