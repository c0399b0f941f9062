import { type Outpost, outpost } from '../support/outpost.js';
import { START } from '../support/start.js';
import { CHAPTER, chapter } from './chapter.js';
import { Dice } from './dice.js';
import { House } from './house.js';
import { Life } from './life.js';
import { Measures } from './measures.js';
import { mishaps } from './mishaps.js';
import { type Reckoning, reckon } from './reckoning.js';
import { Strikes } from './strike.js';
import { DAY, HOUR, MINUTE } from './time.js';
import { Violation } from './violation.js';
import { Watch } from './watch.js';

/** Months of a household in compressed time: arrivals, mishaps and deaths from a seed, looked at all the time. */

export interface SoakOptions {
  seed: string;
  /** Minutes between two looks of the program. */
  poll: number;
  /** Whether to go on with another day after so many. */
  goOn: (days: number) => boolean;
  /**
   * Days afterwards in which nothing goes wrong and nobody asks. The ten by default are long enough for what is searched
   * weekly.
   */
  settleDays?: number;
  onWeek?: (line: string) => void;
}

export interface Figures {
  days: number;
  asked: number;
  fulfilled: number;
  open: number;
  measures: Measures;
  life: Life;
  mishaps: number;
  /** How often everything was looked at, and how often it was quiet enough to reckon what is lost or left over. */
  looks: number;
  reckonings: number;
  /** How often the program looks in a day. */
  looksPerDay: number;
}

/** Carries the seed, the moment and the end of the log with it. */
export class Broken extends Error {}

const STEP = 30 * MINUTE;
const SETTLE_DAYS = 10;
const FILMS = 40;
const HEAP_MB = 64;
/** Seerr looks over everything at night, and Jellyfin twice a day. */
const FULL_SCAN_AT = 3;
const SYNC_AT = 5;

class Run {
  readonly measures: Measures;
  readonly house: House;
  readonly life: Life;
  readonly #strikes: Strikes;
  readonly #watch: Watch;
  #failure: unknown;
  #reckoning: Reckoning = { wrong: [], fulfilled: 0, open: 0 };
  #reckonings = 0;

  constructor(
    readonly post: Outpost,
    readonly options: SoakOptions,
  ) {
    this.house = new House(post, this.at);
    this.life = new Life(post, this.at);
    this.#strikes = new Strikes(this.house, this.life, () => this.#watch.look());
    this.#watch = new Watch(this.house, () => this.#strikes.isCalm);
    this.measures = new Measures(post, this.life, START);
  }

  get days(): number {
    return (this.post.clock.now() - START) / DAY;
  }

  at = (time: number, happen: () => void | Promise<void>): void => {
    this.post.clock.at(time, async () => {
      try {
        await happen();
      } catch (error) {
        this.#failure ??= error;
      }
    });
  };

  async live(): Promise<Figures> {
    const { post, house, life } = this;
    house.furnish(FILMS);
    life.start();
    this.#everyDay(0);
    const dice = new Dice(this.options.seed);
    for (let n = 0; this.options.goOn(this.days); n += 1) {
      const start = START + n * CHAPTER;
      const lived = chapter(dice.for(`asks ${n}`), n, start);
      house.live(lived);
      const asks = lived.asks.map(({ at }) => at);
      this.#strikes.plan(mishaps(dice.for(`mishaps ${n}`), n, start, asks));
      await this.#until(start + CHAPTER, () => this.options.goOn(this.days));
      if (post.clock.now() >= start + CHAPTER) {
        this.#reckon();
      }
    }
    house.closing = post.clock.now();
    await this.#strikes.end();
    await this.#until(post.clock.now() + (this.options.settleDays ?? SETTLE_DAYS) * DAY, () => true);
    this.#reckon();
    return {
      ...{ days: Math.floor(this.days), asked: house.asked.length, mishaps: this.#strikes.count, life },
      ...{ looks: this.#watch.looks, reckonings: this.#reckonings },
      looksPerDay: DAY / (this.options.poll * MINUTE),
      ...{ fulfilled: this.#reckoning.fulfilled, open: this.#reckoning.open, measures: this.measures },
    };
  }

  async #until(end: number, goOn: () => boolean): Promise<void> {
    while (this.post.clock.now() < end && goOn()) {
      await this.post.clock.pass(Math.min(STEP, end - this.post.clock.now()));
      this.#look();
    }
  }

  #look(): void {
    this.measures.readLog();
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    const [line] = this.measures.badLines;
    if (this.life.endedByItself !== null || line !== undefined) {
      throw new Violation(this.life.endedByItself ?? `it said: ${line}`);
    }
    this.#watch.look();
  }

  #reckon(): void {
    this.#reckonings += 1;
    this.#reckoning = reckon(this.house);
    if (this.#reckoning.wrong.length > 0) {
      throw new Violation(this.#reckoning.wrong.join('\n'));
    }
  }

  /** What happens by itself on day `n`. */
  #everyDay(n: number): void {
    const { seerr, jellyfin } = this.post.sandbox;
    const midnight = START + n * DAY + 12 * HOUR;
    this.at(midnight, () => jellyfin.scan.start());
    this.at(midnight + FULL_SCAN_AT * HOUR, () => seerr.scanNow('full'));
    this.at(midnight + SYNC_AT * HOUR, () => {
      this.#watch.beforeSync();
      seerr.runAvailabilitySync();
    });
    this.at(midnight + SYNC_AT * HOUR + MINUTE, () => this.#watch.afterSync());
    this.at(midnight + 12 * HOUR, () => {
      jellyfin.scan.start();
      this.measures.endDay();
      this.#everyDay(n + 1);
      if ((n + 1) % 7 === 0) {
        this.#tellWeek((n + 1) / 7);
      }
    });
    for (const hour of [1, 7, 13, 19]) {
      this.at(START + n * DAY + hour * HOUR, () => this.measures.sample());
    }
  }

  #tellWeek(week: number): void {
    const { measures, life, house } = this;
    const closed = house.asked.filter(({ closedAt }) => closedAt !== null).length;
    const calls = measures.callsPerDay.at(-1);
    this.options.onWeek?.(
      [
        `week ${week}: ${house.asked.length} requests, ${closed} closed`,
        `${this.#strikes.count} mishaps, ${life.kills} kills, ${life.restarts} restarts`,
        `${measures.samples.at(-1)?.rssMb.toFixed(0) ?? '?'} MB, database ${measures.databaseMb.at(-1)?.toFixed(1)} MB`,
        `calls a day: ${Object.entries(calls ?? {})
          .map(([service, count]) => `${service} ${count}`)
          .join(' ')}`,
      ].join('; '),
    );
  }

  moment(): string {
    return `day ${this.days.toFixed(2)} (${new Date(this.post.clock.now()).toISOString()})`;
  }
}

/** Throws Broken when something that must hold did not. `judge` looks at the figures, with the data still there. */
export const soak = async <T>(options: SoakOptions, judge: (figures: Figures, post: Outpost) => T): Promise<T> => {
  const post = await outpost({
    sandbox: { seerr: { scheduledScans: true } },
    env: {
      FULFILLARR_SCHEDULE_POLL: `0 */${options.poll} * * * *`,
      FULFILLARR_DATA_HISTORY: '30d',
      // Its server looks after its connections every second, and each look would be a step of the clock.
      FULFILLARR_HTTP_ENABLED: 'false',
      // What is kept for ever does not fit for long.
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
    },
  });
  const run = new Run(post, options);
  try {
    return judge(await run.live(), post);
  } catch (error) {
    run.measures.readLog();
    const what = error instanceof Violation ? error.message : error instanceof Error ? error.stack : String(error);
    throw new Broken(`seed ${options.seed}, ${run.moment()}: ${what}\n\nThe end of the log:\n${run.measures.tail}`);
  } finally {
    await post.clear();
  }
};
