import { addOpenTitles, OPEN_TITLES, packFiles, startSandbox } from './index.js';

/**
 * The four stand-ins on fixed ports (with the argument `anywhere`, on free ones), to try the program against by hand:
 * prints the configuration that leads to them. One request waits in Seerr; more can be made through its API.
 */
const PORTS = { seerr: 15_055, jellyfin: 18_096, torrentio: 17_000, realDebrid: 16_000 };
const COMPRESS = 12;
const GB = 1024 ** 3;

const anywhere = process.argv[2] === 'anywhere';
const sandbox = await startSandbox({ compress: COMPRESS, ...(anywhere ? {} : { ports: PORTS }) }).catch(
  (error: Error) => {
    process.stderr.write(`${error.message}: do they run already? \`npm run sandbox -- anywhere\` takes free ports\n`);
    process.exit(1);
  },
);
const { world, seerr, jellyfin, torrentio, realDebrid } = sandbox;
addOpenTitles(world);
const { sintel, bigBuckBunny, pioneerOne, nightOfTheLivingDead } = OPEN_TITLES;
world.addRelease({ of: sintel.imdbId, name: 'Sintel 2010 1080p BluRay x265-DEMO', cached: true, bytes: 1.4 * GB });
world.addRelease({
  of: bigBuckBunny.imdbId,
  name: 'Big Buck Bunny 2008 1080p BluRay x265-DEMO',
  seeders: 40,
  bytes: 0.9 * GB,
  downloadMs: 240_000,
});
const pack = 'Pioneer One S01 1080p BluRay x265-DEMO';
world.addRelease({ of: pioneerOne.imdbId, name: pack, cached: true, files: packFiles(pack, 1, [1, 2, 3, 4, 5, 6]) });
// What a search for an old film finds: good ones, and what must not be taken for it.
const living = 'Night of the Living Dead';
for (const [name, more] of [
  [`${living} 1968 REMASTERED 1080p BluRay x265-DEMO`, { bytes: 4.2 * GB, seeders: 61, infringing: true }],
  [`${living} (1968) [1080p] [BluRay] [x264]`, { bytes: 2.1 * GB, seeders: 112, cached: true }],
  [`${living}.1968.720p.BluRay.x264-DEMO`, { bytes: 1.1 * GB, seeders: 48, cached: true }],
  [`${living} 1968 2160p UHD BluRay HDR x265-DEMO`, { bytes: 58 * GB, seeders: 30 }],
  [`${living} 1990 1080p BluRay x264-DEMO`, { bytes: 6.6 * GB, seeders: 90, cached: true }],
  [`${living} 1968 HDCAM x264-FAKE`, { bytes: 1.6 * GB, seeders: 300, cached: true }],
  [`${living} 1968 480p DVDRip XviD-OLD`, { bytes: 0.7 * GB, seeders: 7 }],
] as const) {
  world.addRelease({ of: nightOfTheLivingDead.imdbId, name, ...more });
}
seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });

process.stdout.write(`# Stand-ins of the four services, ${COMPRESS} times as fast as life, until Ctrl-C. A configuration for them:
seerr:
  url: ${seerr.url}
  apiKey: ${seerr.apiKey}
jellyfin:
  url: ${jellyfin.url}
  apiKey: ${jellyfin.apiKey}
torrentio:
  url: ${torrentio.url}
realDebrid:
  url: ${realDebrid.url}
  token: ${realDebrid.token}
  mountDelay: 2s

# One request waits. Two more:
# curl -H 'X-Api-Key: ${seerr.apiKey}' --json '{"mediaType":"movie","mediaId":${bigBuckBunny.tmdbId}}' ${seerr.url}/api/v1/request
# curl -H 'X-Api-Key: ${seerr.apiKey}' --json '{"mediaType":"tv","mediaId":${pioneerOne.tmdbId},"seasons":[1]}' ${seerr.url}/api/v1/request
`);

process.once('SIGINT', () => void sandbox.stop());
process.once('SIGTERM', () => void sandbox.stop());
