import { DAY, SECOND } from '../clock.js';
import { isServiceError } from '../domain/errors.js';
import { count } from '../domain/span.js';
import type { Services } from '../services/index.js';
import type { Store } from '../store/index.js';
import { bad, type Check, good, look } from './check.js';

/** What each of the four services answers. Each failing check names one thing to do. */

const ADMIN = 2;
const MANAGE_REQUESTS = 16;
const JELLYFIN = 2;
/** The first Seerr whose requests can be completed. */
const FIRST_WITH_COMPLETED = [2, 6];

/** Puts down how far a service's clock is ahead of ours. */
export type NoteTime = (service: string, serverTime: number | null) => void;

export const seerrChecks = async ({ seerr }: Services, noteTime: NoteTime): Promise<Check[]> => {
  const checks: Check[] = [];
  let csrf = false;
  const key = await look('seerr-key', 'Check seerr.url and seerr.apiKey.', async () => {
    const access = await seerr.access();
    noteTime('Seerr', access.serverTime);
    csrf = access.csrf;
    const enough = (access.permissions & (ADMIN | MANAGE_REQUESTS)) !== 0;
    return enough
      ? good(
          'seerr-key',
          (access.permissions & ADMIN) === 0 ? 'accepted; may manage requests' : 'accepted; acts as the owner',
        )
      : bad(
          'seerr-key',
          'accepted, but may not manage requests',
          'Use the API key of Settings > General, which acts as the owner.',
        );
  });
  checks.push(key);
  if (!key.ok) {
    return checks;
  }
  checks.push(
    csrf
      ? bad(
          'seerr-csrf',
          'its CSRF protection refuses every write',
          'Switch it off in Seerr (Settings > Network) and restart Seerr.',
        )
      : good('seerr-csrf', 'its CSRF protection is off'),
  );
  const setUp = 'Seerr has to be set up with Jellyfin (Settings > Jellyfin).';
  checks.push(
    await look('seerr-jellyfin', setUp, async () => {
      const { mediaServer } = await seerr.settings();
      return mediaServer === JELLYFIN || mediaServer === null
        ? good('seerr-jellyfin', 'is set up with Jellyfin')
        : bad('seerr-jellyfin', 'is not set up with Jellyfin', setUp);
    }),
    await look('arr', 'Give the key the right to read the settings.', async () => {
      const found = Object.entries(await seerr.arr()).flatMap(([name, configured]) => (configured ? [name] : []));
      return found.length === 0
        ? good('arr', 'neither Radarr nor Sonarr is configured in Seerr')
        : bad(
            'arr',
            `Radarr or Sonarr is configured in Seerr for: ${found.join(', ')}`,
            'Remove them from Seerr, or leave such requests to them: what they take is left alone.',
          );
    }),
    // The last one: Seerr asks GitHub first, and is left alone after a failure.
    await look('seerr-version', 'Update Seerr.', () => seerrVersion(seerr)),
  );
  return checks;
};

const seerrVersion = async (seerr: Services['seerr']): Promise<Check> => {
  try {
    return versionCheck(await seerr.version());
  } catch (error) {
    // Nice to know, not worth failing for.
    if (isServiceError(error) && error.failure === 'source') {
      return good('seerr-version', `not known: ${error.message}`);
    }
    throw error;
  }
};

const versionCheck = (version: string): Check => {
  const numbers = /^v?(\d+)\.(\d+)/.exec(version);
  if (numbers === null) {
    return good('seerr-version', `version ${version}`);
  }
  const [major, minor] = [Number(numbers[1]), Number(numbers[2])];
  const [needMajor = 0, needMinor = 0] = FIRST_WITH_COMPLETED;
  return major < needMajor || (major === needMajor && minor < needMinor)
    ? bad(
        'seerr-version',
        `version ${version} cannot complete requests`,
        'Update to Seerr 3 or newer, or set seerr.complete to scan.',
      )
    : good('seerr-version', `version ${version}`);
};

export const torrentioChecks = async ({ torrentio }: Services): Promise<Check[]> => [
  await look('torrentio', 'Check torrentio.url.', async () => {
    const { name, version, offersStreams } = await torrentio.manifest();
    return offersStreams
      ? good('torrentio', `${name} ${version} answers`.slice(0, 200))
      : bad('torrentio', `${name} offers no streams`.slice(0, 200), 'Set torrentio.url to an addon that does.');
  }),
];

const PREMIUM_DAYS = 7;

export const realDebridChecks = async (
  { realDebrid }: Services,
  store: Store | null,
  noteTime: NoteTime,
): Promise<Check[]> => {
  let premium: Check | null = null;
  const token = await look('rd-token', 'Check realDebrid.token.', async () => {
    const account = await realDebrid.account();
    noteTime('Real-Debrid', account.serverTime);
    premium = premiumCheck(account);
    return good('rd-token', 'accepted');
  });
  if (premium === null) {
    return [token];
  }
  return [
    token,
    premium,
    await look('rd-slots', 'Wait, or remove downloads from the account.', async () => {
      const { used, limit } = await realDebrid.activeSlots();
      return used >= limit
        ? bad(
            'rd-slots',
            `${used} of ${limit} download slots are in use`,
            'Remove downloads from the account, or wait until they end.',
          )
        : good('rd-slots', `${used} of ${limit} download slots are in use`);
    }),
    await look('rd-account', 'Try again later.', async () => accountCheck(await realDebrid.list(), store)),
  ];
};

const premiumCheck = ({ premium, premiumSeconds }: { premium: boolean; premiumSeconds: number }): Check => {
  const days = Math.floor((premiumSeconds * SECOND) / DAY);
  if (!premium) {
    return bad('rd-premium', 'the account is not premium', 'Renew it at real-debrid.com/premium.');
  }
  return days < PREMIUM_DAYS
    ? bad('rd-premium', `premium ends in ${count(days, 'day')}`, 'Renew it at real-debrid.com/premium.')
    : good('rd-premium', `premium for ${count(days, 'more day')}`);
};

/** After an old backup was restored, what was added since is nobody's: it is never deleted by us. */
const accountCheck = (
  list: { entries: { id: string; infoHash: string; name: string }[] },
  store: Store | null,
): Check => {
  const text = `${count(list.entries.length, 'torrent')} in the account`;
  if (store === null) {
    return good('rd-account', text);
  }
  const ours = new Set(store.grabs.unended().map(({ infoHash }) => infoHash));
  const unknown = list.entries.filter(({ id, infoHash }) => ours.has(infoHash) && store.grabs.entry(id) === undefined);
  const names = unknown.slice(0, 3).map(({ name }) => name.slice(0, 60));
  return unknown.length === 0
    ? good('rd-account', text)
    : good(
        'rd-account',
        `${text}; not made by us, so never deleted: ${names.join('; ')}${unknown.length > 3 ? ' …' : ''}`,
      );
};

const OLDEST_JELLYFIN = [10, 10];

export const jellyfinChecks = async ({ jellyfin }: Services, noteTime: NoteTime): Promise<Check[]> => {
  let version: string | null = null;
  const key = await look('jellyfin-key', 'Check jellyfin.url and jellyfin.apiKey.', async () => {
    const server = await jellyfin.server();
    noteTime('Jellyfin', server.serverTime);
    version = server.version;
    return good('jellyfin-key', 'accepted');
  });
  if (version === null) {
    return [key];
  }
  return [
    key,
    jellyfinVersion(version),
    await look('jellyfin-libraries', 'Add libraries in Jellyfin (Dashboard > Libraries).', async () =>
      librariesCheck(await jellyfin.libraries()),
    ),
    await look('jellyfin-scan', 'Update Jellyfin.', async () => {
      const { lastEndedAt } = await jellyfin.scanTask();
      const last =
        lastEndedAt === null ? '' : `; the last one ended ${new Date(lastEndedAt).toISOString().slice(0, 16)}Z`;
      return good('jellyfin-scan', `library scans can be started${last}`);
    }),
  ];
};

const jellyfinVersion = (version: string): Check => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = OLDEST_JELLYFIN;
  return major < needMajor || (major === needMajor && minor < needMinor)
    ? bad(
        'jellyfin-version',
        `version ${version} is older than what this was made for`,
        'Update to Jellyfin 10.10 or newer.',
      )
    : good('jellyfin-version', `version ${version}`);
};

const librariesCheck = (libraries: { name: string; type: string | null; paths: string[] }[]): Check => {
  const code = 'jellyfin-libraries';
  const lacking = ['movies', 'tvshows'].filter(
    (type) => !libraries.some((one) => one.type === type || one.type === null),
  );
  const empty = libraries.filter(({ paths }) => paths.length === 0);
  const listed = libraries
    .map(({ name, type, paths }) => `${name} (${type ?? 'mixed'}): ${paths.join(', ')}`)
    .join('; ');
  if (lacking.length > 0) {
    return bad(
      code,
      `no library of type ${lacking.join(' and ')}`,
      'Add one in Jellyfin (Dashboard > Libraries) with the folder of the mount.',
    );
  }
  return empty.length > 0
    ? bad(
        code,
        `${empty.map(({ name }) => name).join(', ')} has no folder`,
        'Give the library the folder of the mount.',
      )
    : good(code, listed.slice(0, 500));
};
