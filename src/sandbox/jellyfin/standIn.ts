import type { SandboxClock } from '../kit/clock.js';
import { type Answer, type Call, empty, header, json, type Operation, text } from '../kit/http.js';
import { nameOf, type Route, Router } from '../kit/router.js';
import { StandIn } from '../kit/standIn.js';
import type { Account } from '../realDebrid/account.js';
import type { World } from '../world/world.js';
import { RealMount } from './folders.js';
import { type Item, LIBRARIES } from './items.js';
import { bindingError, itemsAnswer } from './itemsRoute.js';
import { latestOf } from './latest.js';
import { Library } from './library.js';
import { LibraryMonitor } from './monitor.js';
import { Mount } from './mount.js';
import { normalGuid } from './query.js';
import { LibraryScanner } from './scanner.js';
import { ScanTask } from './scanTask.js';
import { type OwnedEpisodes, type OwnedMovie, ownEpisodes, ownMovie } from './seeds.js';
import { DEFAULT_SETTINGS, type Identification, type JellyfinSettings } from './settings.js';
import { SCAN_TASK_ID, scanDto, tasksDto } from './tasks.js';
import { SERVER_ID, SERVER_NAME, sourceDto } from './wire.js';

export const JELLYFIN_API_KEY = 'sandbox-jellyfin-key-0123456789';

const OPEN = { open: true } as const;

/** A Jellyfin server over the debrid mount: nothing appears in it without a scan that started after the file did. */
export class JellyfinStandIn extends StandIn {
  apiKey = JELLYFIN_API_KEY;
  readonly settings: JellyfinSettings;
  readonly library: Library;
  readonly mount: Mount;
  readonly scan: ScanTask;
  readonly monitor: LibraryMonitor;
  /** Paths that were reported, one list per call. */
  readonly reports: { at: number; paths: string[] }[] = [];
  readonly #scanner: LibraryScanner;
  readonly #realMount: RealMount | null;
  readonly #world: World;
  readonly #router: Router<Route>;

  constructor(world: World, clock: SandboxClock, account: Account, settings: Partial<JellyfinSettings> = {}) {
    super('jellyfin', clock);
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
    this.#world = world;
    this.library = new Library(world, this.settings);
    this.mount = new Mount(account, this.settings);
    this.#realMount = this.settings.folders === null ? null : new RealMount(this.settings.folders.mount);
    this.monitor = new LibraryMonitor(clock, this.settings, (path, at) => this.#scanner.lookAt(path, at));
    this.#scanner = new LibraryScanner(this.library, this.mount, this.settings);
    this.scan = new ScanTask(
      clock,
      this.settings,
      (startedAt, endedAt) => this.#scanner.scan(startedAt, endedAt),
      () => this.monitor.clear(),
    );
    this.#router = new Router(this.#routes());
  }

  /** Brings everything up to the present moment: the mount, what was reported, the scan. */
  settle(): void {
    this.#realMount?.show(this.mount.filesAt(this.clock.now()));
    this.monitor.settle();
    this.scan.settle();
  }

  /** Everything in the library now. */
  items(): Item[] {
    this.settle();
    return [...this.library.items.values()];
  }

  item(id: string): Item | null {
    this.settle();
    return this.library.items.get(id) ?? null;
  }

  /** Real movie items of a title (by TMDB id). */
  moviesOf(tmdbId: number): Item[] {
    return this.items().filter((item) => item.type === 'Movie' && item.providerIds.Tmdb === String(tmdbId));
  }

  /** Episode numbers really there for a title's season, with repeats where there are several files. */
  episodesOf(tmdbId: number, season: number): number[] {
    const all = this.items();
    const series = all.filter((item) => item.type === 'Series' && item.providerIds.Tmdb === String(tmdbId));
    const ids = new Set(series.map((item) => item.id));
    const real = all.filter((item) => item.type === 'Episode' && !item.virtual && item.parentIndex === season);
    const numbers = real
      .filter((item) => item.seriesId !== null && ids.has(item.seriesId))
      .flatMap((item) => spanOf(item));
    return numbers.sort((a, b) => a - b);
  }

  ownMovie(spec: OwnedMovie): string {
    return ownMovie(this.library, this.#world, this.clock, spec);
  }

  ownEpisodes(spec: OwnedEpisodes): string {
    return ownEpisodes(this.library, this.#world, this.clock, spec);
  }

  /** Takes one item away for good. */
  removeItem(id: string): void {
    this.library.disown(id);
  }

  /** How a torrent's files will be identified; applies to items made from now on. */
  identify(hash: string, identification: Identification): void {
    this.library.identification.set(hash.toLowerCase(), identification);
  }

  /** A whole scan in no time, of the mount as it is now. */
  scanNow(): void {
    this.settle();
    const now = this.clock.now();
    this.#scanner.scan(now, now);
  }

  /** The mount goes away and Jellyfin has noticed: everything is gone. */
  dropMount(): void {
    this.mount.down = true;
    this.scanNow();
  }

  /** The mount is back; the next scan will find everything again. */
  restoreMount(): void {
    this.mount.down = false;
  }

  /** What Seerr's recently-added job would be told. */
  latest(libraryId: string, limit: number): Item[] {
    this.settle();
    return latestOf(this.library, libraryId, limit);
  }

  protected resolve(call: Call): Operation {
    const match = this.#router.match(call.method, call.path);
    if (match.kind === 'none') return { name: 'unknown', run: () => empty(404) };
    if (match.kind === 'method') return { name: 'unknown', run: () => empty(405, { allow: match.allowed.join(', ') }) };
    const { route, params } = match;
    const run = () => {
      this.settle();
      const answer = route.rules?.open || this.#authorized(call) ? route.run(call, params) : empty(401);
      return { ...answer, headers: { date: new Date(this.clock.now()).toUTCString(), ...answer.headers } };
    };
    return { name: nameOf(route, call, params), run };
  }

  /** Jellyfin 12 with legacy authorization off: the MediaBrowser scheme, or `ApiKey` in the query. */
  #authorized(call: Call): boolean {
    if (call.query.get('ApiKey') === this.apiKey) return true;
    const [scheme = '', ...rest] = (header(call, 'authorization') ?? '').split(' ');
    if (scheme.toLowerCase() !== 'mediabrowser') return false;
    const token = /(?:^|,\s*)Token="([^"]*)"/.exec(rest.join(' '))?.[1];
    return token !== undefined && decodeURIComponent(token) === this.apiKey;
  }

  #routes(): Route[] {
    return [...this.#systemRoutes(), ...this.#libraryRoutes(), ...this.#taskRoutes()];
  }

  #systemRoutes(): Route[] {
    const publicInfo = () => ({
      LocalAddress: this.url,
      ServerName: SERVER_NAME,
      Version: this.settings.version,
      ProductName: 'Jellyfin Server',
      OperatingSystem: '',
      Id: SERVER_ID,
      StartupWizardCompleted: true,
    });
    const own = { HasPendingRestart: false, IsShuttingDown: false, SupportsLibraryMonitor: true, CanSelfRestart: true };
    return [
      { method: 'GET', path: '/health', name: 'health', rules: OPEN, run: () => text(200, 'Healthy', 'text/plain') },
      { method: 'GET', path: '/System/Ping', name: 'ping', rules: OPEN, run: () => json(200, 'Jellyfin Server') },
      {
        method: 'GET',
        path: '/System/Info/Public',
        name: 'publicInfo',
        rules: OPEN,
        run: () => json(200, publicInfo()),
      },
      { method: 'GET', path: '/System/Info', name: 'systemInfo', run: () => json(200, { ...publicInfo(), ...own }) },
    ];
  }

  #libraryRoutes(): Route[] {
    return [
      { method: 'GET', path: '/Items', name: itemsName, run: (call) => itemsAnswer(this.library, call) },
      // Both need a user, which an API key does not have.
      { method: 'GET', path: '/Items/Latest', name: 'latest', run: () => empty(404) },
      { method: 'GET', path: '/Items/:id', name: 'item', run: () => empty(404) },
      { method: 'GET', path: '/Items/:id/PlaybackInfo', name: 'playbackInfo', run: (_, [id = '']) => this.#probe(id) },
      { method: 'GET', path: '/Library/VirtualFolders', name: 'virtualFolders', run: () => this.#folders() },
      { method: 'POST', path: '/Library/Refresh', name: 'refreshLibrary', run: () => this.#refresh() },
      { method: 'POST', path: '/Library/Media/Updated', name: 'mediaUpdated', run: (call) => this.#reported(call) },
    ];
  }

  #taskRoutes(): Route[] {
    return [
      { method: 'GET', path: '/ScheduledTasks', name: 'tasks', run: () => json(200, tasksDto(this.scan)) },
      {
        method: 'GET',
        path: '/ScheduledTasks/:id',
        name: 'task',
        run: (_, [id = '']) => (id === SCAN_TASK_ID ? json(200, scanDto(this.scan)) : empty(404)),
      },
      {
        method: 'POST',
        path: '/ScheduledTasks/Running/:id',
        name: 'startTask',
        run: (_, [id = '']) => this.#start(id),
      },
      {
        method: 'DELETE',
        path: '/ScheduledTasks/Running/:id',
        name: 'stopTask',
        run: (_, [id = '']) => this.#stop(id),
      },
    ];
  }

  #start(id: string): Answer {
    if (id !== SCAN_TASK_ID) return empty(404);
    this.scan.start();
    return empty(204);
  }

  #stop(id: string): Answer {
    if (id !== SCAN_TASK_ID) return empty(404);
    this.scan.cancel();
    return empty(204);
  }

  #refresh(): Answer {
    this.scan.restart();
    return empty(204);
  }

  #reported(call: Call): Answer {
    const paths = reportedPaths(call);
    if (paths === null) return bindingError('updateInfo', call.body.toString());
    this.reports.push({ at: this.clock.now(), paths });
    const inside = paths.filter((path) => this.#scanner.librariesOf(path).length > 0);
    for (const path of inside) this.monitor.report(path);
    return empty(204);
  }

  /** Forces a probe of a file without known streams, and remembers what it found. */
  #probe(id: string): Answer {
    const item = this.library.items.get(normalGuid(id));
    if (item === undefined) return empty(404);
    for (const source of item.sources) source.width ??= source.trueWidth;
    item.dateSaved = this.clock.now();
    return json(200, { MediaSources: item.sources.map(sourceDto), PlaySessionId: '00000000000000000000000000000000' });
  }

  #folders(): Answer {
    const folders = Object.values(LIBRARIES).map(({ id, name, collectionType }) => ({
      Name: name,
      Locations: this.#scanner.locations(collectionType),
      CollectionType: collectionType,
      LibraryOptions: { Enabled: true, EnableRealtimeMonitor: true, PathInfos: [] },
      ItemId: id,
      PrimaryImageItemId: id,
      RefreshStatus: this.scan.running ? 'Active' : 'Idle',
    }));
    return json(200, folders);
  }
}

/** Says in the log what a GET /Items was for. */
function itemsName(call: Call): string {
  const names = new Set([...call.query.keys()].map((name) => name.toLowerCase()));
  if (names.has('ids')) return 'itemsByIds';
  if (names.has('mindatelastsavedforuser') || names.has('mindatelastsaved')) return 'itemsChanged';
  return names.has('parentid') ? 'episodes' : 'items';
}

function reportedPaths(call: Call): string[] | null {
  try {
    const { Updates } = JSON.parse(call.body.toString()) as { Updates?: { Path?: string | null }[] };
    const paths = (Updates ?? []).map((update) => update.Path);
    return paths.every((path) => typeof path === 'string') ? (paths as string[]) : null;
  } catch {
    return null;
  }
}

function spanOf(item: Item): number[] {
  if (item.index === null) return [];
  const last = item.indexEnd ?? item.index;
  return Array.from({ length: last - item.index + 1 }, (_, step) => (item.index ?? 0) + step);
}
