import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { attentionList } from '../../src/attention.js';
import { createHealth } from '../../src/daemon/health.js';
import { createWatchdog } from '../../src/daemon/watchdog.js';
import { reject } from '../../src/orders.js';
import { recordTick } from '../../src/status.js';
import { type Household, household } from '../support/household.js';
import { type LibraryTree, libraryTree } from '../support/libraryTree.js';
import { scenesOf } from '../support/scenes.js';

/**
 * What SQLite does for every statement that ticks run. A household's database grows for years; whatever goes through
 * all of a table that grows makes each tick slower, a little more every week, and nobody notices for months.
 */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** `state` stays small, and what has expired leaves `cache_entry` every day. */
const GROWING = new Set([
  'request',
  'want',
  'request_want',
  'grab',
  'grab_want',
  'rd_entry',
  'release_fact',
  'decision',
  'ledger',
  'search_input',
  'library_link',
  'library_folder',
]);

/** They hold only what is open now, or is still to be done: going through all of one of these is meant. */
const SMALL_INDEXES = new Set([
  'request_open',
  'grab_open',
  'one_open_chosen_grab',
  'request_want_live',
  'grab_want_rejected',
  'library_link_unreported',
]);

/** What looks like it would grow, and why it does not. */
const MEANT: readonly { step: RegExp; text?: RegExp; why: string }[] = [
  { step: /^SEARCH want USING INDEX want_next \(next_action_at<\?\)$/, why: 'wants that are done have no next action' },
  {
    step: /^SEARCH rd_entry USING INDEX rd_entry_removed \(removed_at>\? AND removed_at<\?\)$/,
    why: 'what was removed within a week',
  },
  {
    step: /^SEARCH ledger USING INDEX ledger_at \(at>\?\)$/,
    text: /order by "ledger"\."at" desc limit \?$/,
    why: 'the newest call of the last hour, once for each start',
  },
  {
    step: /^SCAN library_link$/,
    text: /not \("grab"\."state" in \('ready', 'in-library'\)/,
    why: 'one look at the grab of each link: some milliseconds for tens of thousands',
  },
  {
    step: /^SCAN library_link$/,
    text: /from "library_link" order by "library_link"\."id" asc$/,
    why: 'all links are looked over now and then, not by each tick',
  },
];

const isMeant = (text: string, { detail }: Step): boolean =>
  MEANT.some((meant) => meant.step.test(detail) && (meant.text?.test(text) ?? true));

interface Step {
  id: number;
  parent: number;
  detail: string;
}

const texts = new Set<string>();
const prepare = Database.prototype.prepare;

const collect = (): void => {
  Database.prototype.prepare = function collecting(this: Database.Database, text: string) {
    texts.add(text);
    return prepare.call(this, text);
  } as typeof prepare;
};

/** The plan of a statement; what it is run with makes no difference. */
const planOf = (db: Database.Database, text: string): Step[] => {
  const explain: Database.Statement<unknown[]> = prepare.call(db, `EXPLAIN QUERY PLAN ${text}`);
  for (let parameters = 0; ; parameters += 1) {
    try {
      return explain.all(...Array<null>(parameters).fill(null)) as Step[];
    } catch (error) {
      if (!String(error).includes('Too few parameter values')) {
        throw error;
      }
    }
  }
};

/** All of a table or of an index, or all from a place on: more with every year. */
const growsWithHistory = (detail: string): boolean => {
  const [, how, table = '', index = '', range] =
    /^(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+)(?: \((.*)\))?)?/.exec(detail) ?? [];
  if (!GROWING.has(table) || SMALL_INDEXES.has(index)) {
    return false;
  }
  return how === 'SCAN' || (range !== undefined && !range.includes('='));
};

const isStatement = (text: string): boolean => /^\s*(?:select|insert|update|delete|with)\b/i.test(text);

/** Each statement with those of its steps that are to be looked at. */
const faults = (db: Database.Database, isFault: (step: Step, plan: Step[]) => boolean): string[] =>
  [...texts].filter(isStatement).flatMap((text) => {
    const plan = planOf(db, text);
    const steps = plan.filter((step) => isFault(step, plan) && !isMeant(text, step));
    return steps.map(({ detail }) => `${detail}: ${text}`);
  });

let tree: LibraryTree;
let home: Household;
let db: Database.Database;
beforeAll(async () => {
  collect();
  tree = libraryTree();
  home = await household({ config: tree.config, sandbox: { jellyfin: { folders: tree.folders } } });
  db = new Database(join(home.dataDir, 'fulfillarr.db'), { readonly: true });
});
afterAll(async () => {
  Database.prototype.prepare = prepare;
  db.close();
  await home.stop();
  tree.clear();
});

/** A tick with what the daemon does after it. */
const live = async (ms: number): Promise<void> => {
  const watchdog = createWatchdog({
    store: home.store,
    log: { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, close: async () => {} },
    health: createHealth(MINUTE),
    limit: () => 10,
    pollInterval: () => MINUTE,
  });
  for (const report of await home.live(ms)) {
    recordTick(home.store, report, home.app.services.health());
    watchdog.look(report, home.app.held());
    attentionList(home.store, home.clock.now());
  }
};

describe('statements', () => {
  test('of busy and idle ticks go through nothing that grows', async () => {
    const { release, second, pack, requestSintel, requestSeason, multi, secondSeason, requestMulti } = scenesOf(
      () => home,
    );
    release({ cached: false, downloadMs: 3 * MINUTE });
    const sintel = requestSintel();
    await live(5 * MINUTE);
    second({ cached: true });
    pack();
    requestSeason();
    secondSeason();
    multi();
    requestMulti(1, 2);
    await live(10 * MINUTE);
    expect(home.store.requests.openCount()).toBe(0);
    const request = home.store.requests.get(sintel);
    const wants = home.store.wants.ofRequest(sintel).map(({ want }) => want);
    reject(home.store, { requests: request === undefined ? [] : [request], wants }, home.clock.now());
    await live(10 * MINUTE);
    expect(texts.size).toBeGreaterThan(80);
    expect(faults(db, ({ detail }) => growsWithHistory(detail))).toEqual([]);
  });

  test('of the daily pruning go through a table once, not once for each row of another', () => {
    texts.clear();
    home.clock.pass(400 * DAY);
    home.store.prune(home.clock.now() - 90 * DAY, new Set());
    expect(texts.size).toBeGreaterThan(5);
    // What comes after the first, or below another, is done for each row of it; so are the looks at what refers to a row.
    const repeated = ({ id, parent, detail }: Step, plan: Step[]) =>
      growsWithHistory(detail) && (parent !== 0 || id !== plan[0]?.id) && !isListedOnce(plan, parent);
    expect(faults(db, repeated)).toEqual([]);
  });
});

/** A subquery that does not depend on the row is run once. */
const isListedOnce = (plan: readonly Step[], id: number): boolean =>
  plan.find((step) => step.id === id)?.detail.startsWith('LIST SUBQUERY') ?? false;
