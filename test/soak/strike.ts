import type { Fault, RequestLogEntry, Sandbox } from '../../src/sandbox/index.js';
import { BY_HAND, type House } from './house.js';
import type { Life } from './life.js';
import type { Mishap, Service } from './mishaps.js';
import { DAY, MINUTE } from './time.js';

/** Makes mishaps happen, and takes back what has an end. */

const FAULTS: Record<Extract<Mishap, { kind: 'ill' }>['illness'], (service: Service) => Fault> = {
  throttled: (service) => (service === 'torrentio' ? { status: 429, html: 'Too many requests' } : tooMany({})),
  'throttled with Retry-After': () => tooMany({ 'retry-after': '90' }),
  '500': () => ({ status: 500, body: { message: 'no' } }),
  '503': () => ({ status: 503, body: '' }),
  '502 after taking effect': () => ({ statusAfter: 502, html: true }),
  'cut before': () => ({ resetBefore: true }),
  'cut after taking effect': () => ({ resetAfter: true }),
  'half of the answer': () => ({ truncated: true }),
  'web page': () => ({ status: 200, html: '<html>Maintenance</html>' }),
  'never answers': () => ({ hang: true }),
};

const tooMany = (headers: Record<string, string>): Fault => ({
  status: 429,
  body: { error: 'too_many_requests', error_code: 34 },
  headers,
});

type Undo = () => unknown;

export class Strikes {
  /** What has gone wrong so far. */
  count = 0;
  /** Calls that were not answered as they should have been, those to a service that was down apart. */
  failedCalls = 0;
  readonly #going = new Map<Mishap, Undo>();
  readonly #states = new Map<string, { count: number; undo: Undo | Promise<Undo> }>();
  #isOver = false;

  constructor(
    readonly house: House,
    readonly life: Life,
    /** Called before anything that may make what was shown vanish. */
    readonly look: () => void,
  ) {}

  plan(mishaps: Mishap[]): void {
    for (const mishap of mishaps) {
      this.house.at(mishap.at, () => this.#strike(mishap));
    }
  }

  get isCalm(): boolean {
    return this.#going.size === 0 && !this.life.isAway;
  }

  /** Nothing goes wrong any more from now on. */
  async end(): Promise<void> {
    this.#isOver = true;
    for (const mishap of [...this.#going.keys()]) {
      await this.#lift(mishap);
    }
  }

  async #strike(mishap: Mishap): Promise<void> {
    if (this.#isOver) {
      return;
    }
    this.count += 1;
    const now = this.house.post.clock.now();
    const undo = await this.#begin(mishap);
    if ('lasts' in mishap) {
      this.#going.set(mishap, undo ?? (() => undefined));
      this.house.at(now + mishap.lasts, () => this.#lift(mishap));
    }
  }

  async #lift(mishap: Mishap): Promise<void> {
    const undo = this.#going.get(mishap);
    this.#going.delete(mishap);
    await undo?.();
  }

  #begin(mishap: Mishap): Undo | undefined | Promise<Undo | undefined> {
    const { post } = this.house;
    const { realDebrid, torrentio } = post.sandbox;
    switch (mishap.kind) {
      case 'down':
        return this.#once(`down ${mishap.service}`, () => post.sandbox[mishap.service].refuse());
      case 'ill':
        return this.#sicken(mishap);
      case 'escalation':
        return this.#escalate();
      case 'mount dropped':
        return this.#once(mishap.kind, () => this.#dropMount());
      case 'token refused':
        return this.#once(mishap.kind, () => changed(realDebrid, 'token', 'another-token-of-the-same-account'));
      case 'not premium':
        return this.#once(mishap.kind, () => changed(realDebrid, 'premiumSeconds', 0));
      case 'slots full':
        return this.#once(mishap.kind, () => changed(realDebrid.settings, 'slots', 0));
      case 'addon blocked':
        return this.#once(mishap.kind, () => changed(torrentio.settings, 'blocked', true));
      case 'clock wrong':
        return this.#once(mishap.kind, () => {
          post.clock.misset(mishap.by);
          return () => post.clock.misset(0);
        });
      case 'host asleep':
        post.clock.suspend(mishap.lasts);
        return undefined;
      case 'repaired':
        return this.#repair();
      case 'ordered':
        return this.house.order(mishap);
      case 'paused':
        return this.#once(mishap.kind, async () => {
          await this.house.command('pause');
          return () => this.house.command('resume');
        });
      case 'killed':
        return this.#kill(mishap);
      case 'restarted':
        return this.life.restart(mishap.pause);
    }
  }

  /** A state that several mishaps may want at a time: it ends with the last of them. */
  async #once(name: string, begin: () => Undo | Promise<Undo>): Promise<Undo> {
    const state = this.#states.get(name) ?? { count: 0, undo: begin() };
    state.count += 1;
    this.#states.set(name, state);
    const undo = await state.undo;
    return async () => {
      state.count -= 1;
      if (state.count === 0) {
        this.#states.delete(name);
        await undo();
      }
    };
  }

  #sicken({ service, operation, illness, every, times }: Extract<Mishap, { kind: 'ill' }>): Undo {
    let calls = 0;
    const when: Fault['when'] = ({ headers }) => {
      if (headers['x-by'] === BY_HAND) {
        return false;
      }
      calls += 1;
      const isIll = calls % every === 0;
      this.failedCalls += isIll ? 1 : 0;
      return isIll;
    };
    return this.house.sandbox[service].faults.fail(operation, { ...FAULTS[illness](service), when, times });
  }

  #escalate(): Undo {
    const { faults } = this.house.sandbox.realDebrid;
    const infringing = { status: 451, body: { error: 'infringing_file', error_code: 35 } };
    const lifts = [
      faults.fail('addMagnet', tooMany({})),
      faults.fail('addMagnet', { ...infringing, times: Number.POSITIVE_INFINITY }),
    ];
    return () => {
      for (const lift of lifts) {
        lift();
      }
    };
  }

  #dropMount(): Undo {
    const { jellyfin } = this.house.sandbox;
    this.look();
    jellyfin.dropMount();
    return () => {
      jellyfin.restoreMount();
      this.house.at(this.house.post.clock.now() + 10 * MINUTE, () => jellyfin.scan.start());
    };
  }

  #repair(): undefined {
    const ready = this.house.sandbox.realDebrid
      .entries()
      .filter(({ by, status, links }) => by === 'api' && status === 'downloaded' && links > 0);
    const one = ready[Math.floor(ready.length / 2)];
    if (one !== undefined) {
      this.house.addForeign(one.hash, one.selected);
      this.house.remove(one.id);
    }
    return undefined;
  }

  #kill(death: Extract<Mishap, { kind: 'killed' }>): undefined {
    const { post, at } = this.house;
    let isOver = false;
    const die = async () => {
      if (!isOver) {
        isOver = true;
        lift();
        await this.life.kill(death.pause);
      }
    };
    const lift = around(post.sandbox, death, die);
    at(post.clock.now() + DAY, die);
    return undefined;
  }
}

/** Has it done right before that call is carried out, which then never is, or right after it. */
const around = (
  { seerr, torrentio, realDebrid, jellyfin }: Sandbox,
  { operation, calls, when }: Extract<Mishap, { kind: 'killed' }>,
  act: () => Promise<void>,
): (() => void) => {
  const fitting: RequestLogEntry[] = [];
  const lifts = [seerr, torrentio, realDebrid, jellyfin].map((standIn) =>
    standIn.tap(async (phase, entry) => {
      if (phase === 'before' && (operation === '*' || operation === entry.operation)) {
        fitting.push(entry);
      }
      if (phase !== when || fitting[calls - 1] !== entry) {
        return;
      }
      await act();
      if (when === 'before') {
        throw new Error('never sent');
      }
    }),
  );
  return () => {
    for (const lift of lifts) {
      lift();
    }
  };
};

/** Changes a setting until it is called. */
const changed = <T, K extends keyof T>(of: T, key: K, value: T[K]): Undo => {
  const before = of[key];
  of[key] = value;
  return () => {
    of[key] = before;
  };
};
