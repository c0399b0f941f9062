import { iso, type SandboxClock } from '../kit/clock.js';
import { type Answer, type Call, header, json, type Operation } from '../kit/http.js';
import { nameOf, type Route, Router } from '../kit/router.js';
import { StandIn } from '../kit/standIn.js';
import type { World } from '../world/world.js';
import { Account, type AccountEntry } from './account.js';
import { RateGate } from './limits.js';
import { DEFAULT_SETTINGS, type RealDebridSettings } from './settings.js';
import { addMagnet, info, instantAvailability, list, remove, selectFiles } from './torrents.js';
import { failure } from './wire.js';

export const REAL_DEBRID_TOKEN = 'SANDBOXSANDBOXSANDBOXSANDBOXSANDBOXSANDBOXSANDBOX234';

const PREFIX = '/rest/1.0';

/** Real-Debrid's REST API over an account that lives in memory. */
export class RealDebridStandIn extends StandIn {
  token = REAL_DEBRID_TOKEN;
  /** Habits and open questions; may be changed at any time. */
  readonly settings: RealDebridSettings;
  /** Premium seconds left; 0 = a free account, which cannot add torrents. */
  premiumSeconds = 90 * 86_400;
  /** A locked account answers 403 / 14 to everything. */
  locked = false;
  readonly account: Account;
  readonly #gate: RateGate;
  readonly #router: Router<Route>;

  constructor(world: World, clock: SandboxClock, settings: Partial<RealDebridSettings> = {}) {
    super('realDebrid', clock);
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
    this.account = new Account(world, clock, this.settings);
    this.#gate = new RateGate(clock);
    this.#router = new Router(this.#routes());
  }

  /** Calls answered 429 so far. */
  get throttled(): number {
    return this.#gate.throttled;
  }

  /** What is in the account now, newest first. */
  entries(): AccountEntry[] {
    return this.account.at(this.clock.now()).map((entry) => this.account.view(entry));
  }

  /** The entries of one hash, newest first. */
  entriesOf(hash: string): AccountEntry[] {
    return this.entries().filter((entry) => entry.hash === hash.toLowerCase());
  }

  /** Torrents ever added through the API. */
  get created(): number {
    return this.account.created('api');
  }

  /** Torrents that a resolve URL of the stream addon added. */
  get addedByResolve(): number {
    return this.account.created('resolve');
  }

  /** Somebody else adds a torrent to the account. Without file ids it waits for a selection. */
  addForeign(hash: string, options: { select?: number[] | 'all' } = {}): string {
    return this.#put(hash, 'outside', options.select);
  }

  /** What following a resolve URL does: add and select. */
  addByResolve(hash: string, fileId: number | null): string {
    return this.#put(hash, 'resolve', fileId === null ? 'all' : [fileId]);
  }

  /** The user, a repair tool or a takedown removes an entry. */
  removeOutside(id: string): void {
    const entry = this.account.get(id);
    if (entry === null) throw new Error(`no entry ${id}`);
    this.account.delete(entry);
  }

  protected override basePath(): string {
    return PREFIX;
  }

  protected resolve(call: Call): Operation {
    const path = call.path.startsWith(PREFIX) ? call.path.slice(PREFIX.length) : null;
    const match = path === null ? ({ kind: 'none' } as const) : this.#router.match(call.method, path);
    if (match.kind === 'none') return { name: 'unknown', run: () => failure('unknown_method') };
    if (match.kind === 'method') return { name: 'unknown', run: () => failure('method_not_allowed') };
    const { route, params } = match;
    const name = nameOf(route, call, params);
    const open = route.rules?.open === true;
    return { name, run: () => this.#refusal(call, name, open) ?? route.run(call, params) };
  }

  #refusal(call: Call, name: string, open: boolean): Answer | null {
    if (!this.#gate.admit(name, this.settings.limits)) return failure('too_many_requests');
    if (open) return null;
    if (header(call, 'authorization') !== `Bearer ${this.token}`) return failure('bad_token');
    if (this.locked) return failure('account_locked');
    return name === 'addMagnet' && this.premiumSeconds <= 0 ? failure('hoster_not_free') : null;
  }

  #routes(): Route[] {
    const account = this.account;
    return [
      { method: 'GET', path: '/time', name: 'time', rules: { open: true }, run: () => json(200, this.#localTime()) },
      {
        method: 'GET',
        path: '/time/iso',
        name: 'time',
        rules: { open: true },
        run: () => json(200, this.#localTime()),
      },
      { method: 'GET', path: '/user', name: 'user', run: () => this.#user() },
      { method: 'GET', path: '/torrents', name: 'list', run: (call) => list(account, call) },
      { method: 'GET', path: '/torrents/activeCount', name: 'activeCount', run: () => this.#activeCount() },
      { method: 'GET', path: '/torrents/info/:id', name: 'info', run: (_, [id = '']) => info(account, id) },
      {
        method: 'POST',
        path: '/torrents/addMagnet',
        name: 'addMagnet',
        run: (call) => addMagnet(account, formOf(call), this.url),
      },
      {
        method: 'POST',
        path: '/torrents/selectFiles/:id',
        name: 'selectFiles',
        run: (call, [id = '']) => selectFiles(account, id, formOf(call)),
      },
      { method: 'DELETE', path: '/torrents/delete/:id', name: 'delete', run: (_, [id = '']) => remove(account, id) },
      {
        method: 'GET',
        path: '/torrents/instantAvailability/:hashes*',
        name: 'instantAvailability',
        run: (_, [hashes = '']) => instantAvailability(account, hashes.split('/')),
      },
      // Spends the user's traffic: here only to show up in the log if anybody dares.
      { method: 'POST', path: '/unrestrict/link', name: 'unrestrictLink', run: () => failure('wrong_parameter') },
    ];
  }

  #user(): Answer {
    return json(200, {
      id: 1000001,
      username: 'sandbox',
      email: 'sandbox@example.test',
      points: 0,
      locale: 'en',
      avatar: 'https://example.test/avatar.png',
      type: this.premiumSeconds > 0 ? 'premium' : 'free',
      premium: this.premiumSeconds,
      expiration: iso(this.clock.now() + this.premiumSeconds * 1000),
    });
  }

  #activeCount(): Answer {
    return json(200, { nb: this.account.activeCount(), limit: this.settings.slots });
  }

  #localTime(): string {
    return iso(this.clock.now() + this.settings.timeOffsetMs);
  }

  #put(hash: string, by: 'outside' | 'resolve', select: number[] | 'all' | undefined): string {
    const entry = this.account.add(hash, by);
    const all = (entry.torrent?.files ?? []).map((_, index) => index + 1);
    if (select !== undefined) this.account.select(entry, select === 'all' ? all : select);
    return entry.id;
  }
}

/** JSON bodies are not read, so their parameters are simply missing. */
function formOf(call: Call): URLSearchParams {
  const type = header(call, 'content-type') ?? '';
  return new URLSearchParams(/^application\/x-www-form-urlencoded/i.test(type) ? call.body.toString() : '');
}
