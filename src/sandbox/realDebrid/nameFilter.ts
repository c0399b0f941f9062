/** The release-name filter Real-Debrid applies on addMagnet since May 2026, as its users published it. */
const ANYWHERE = ['web-dl', 'webrip', 'bdrip', 'hdrip', 'dvdrip'];
const DOTTED = ['.bluray.x264', '.hdtv.x264', '.hdtv.xvid', '.web.x264', '.web.h264'];

export function refusedByName(metadataName: string): boolean {
  const name = metadataName.toLowerCase();
  return [...ANYWHERE, ...DOTTED].some((pattern) => name.includes(pattern));
}
