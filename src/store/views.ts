import { and, asc, desc, eq, gte, inArray, isNull, lt, max, ne, or, type SQL, sql } from 'drizzle-orm';
import { HOUR, MINUTE } from '../clock.js';
import { type ServiceName, serviceNames } from '../domain/errors.js';
import { groupBy } from '../domain/group.js';
import { among } from './among.js';
import type { Db } from './database.js';
import type { GrabRow } from './grabs.js';
import type { Charge } from './journal.js';
import { decision, grab, grabWant, ledger, requestWant, want } from './schema.js';
import type { RequestedWant, WantRow } from './wants.js';

/** The calls of one service in one hour. */
export interface HourOfCalls {
  service: ServiceName;
  /** Hours since the epoch. */
  hour: number;
  calls: number;
  failed: number;
}

/** What the journal keeps of a search. */
export interface JournaledSearch {
  offers: number;
  acceptable: number;
  /** Those that were refused, by the code of the first reason. */
  refused: Record<string, number>;
  /** The best ones, in the order of their ranks. */
  candidates: { infoHash: string; accepted: boolean }[];
}

/** An open chosen grab may let go of a want; what it brought stays its own until it is called bad. */
const servesOrBrought: SQL | undefined = or(
  isNull(grabWant.releasedAt),
  and(eq(grab.state, 'in-library'), ne(sql`coalesce(${grabWant.outcome}, '')`, 'rejected')),
);

// Whole numbers, not parameters: the driver could bind those as floating point.
const hourOf = sql`${ledger.at} / ${sql.raw(String(HOUR))}`;
const minuteOf = sql`${ledger.at} / ${sql.raw(String(MINUTE))}`;

/** Reads over many rows at once, in a fixed number of queries: for status, the page and metrics. */
export const viewStore = (db: Db) => {
  const grabsById = (ids: readonly number[]): Map<number, GrabRow> =>
    new Map(
      db
        .select()
        .from(grab)
        .where(among(grab.id, ids))
        .all()
        .map((row) => [row.id, row]),
    );

  return {
    /** The wants of each of these requests, in the order of seasons and episodes. */
    wantsOf: (requestIds: readonly number[]): Map<number, RequestedWant[]> =>
      groupBy(
        db
          .select({ want, requestId: requestWant.requestId, seenAt: requestWant.seenAt })
          .from(requestWant)
          .innerJoin(want, eq(want.id, requestWant.wantId))
          .where(and(among(requestWant.requestId, requestIds), isNull(requestWant.releasedAt)))
          .orderBy(asc(want.season), asc(want.episode))
          .all(),
        ({ requestId }) => requestId,
      ),

    /** By want: the grab that serves it, else the newest one that brought it into the library. */
    grabsOf: (wantIds: readonly number[]): Map<number, GrabRow> => {
      const links = db
        .select({ wantId: grabWant.wantId, grabId: grabWant.grabId })
        .from(grabWant)
        .innerJoin(grab, eq(grab.id, grabWant.grabId))
        .where(and(among(grabWant.wantId, wantIds), servesOrBrought))
        .orderBy(sql`${grabWant.releasedAt} is null`, asc(grab.id))
        .all();
      // The last one of each want stays.
      const latest = new Map(links.map(({ wantId, grabId }) => [wantId, grabId]));
      const rows = grabsById([...new Set(latest.values())]);
      return new Map(
        [...latest].flatMap(([wantId, id]) => {
          const row = rows.get(id);
          return row === undefined ? [] : [[wantId, row] as const];
        }),
      );
    },

    /** What each of these requests was charged: the counted calls only. */
    chargesOf: (requestIds: readonly number[]): Map<number, Charge> => {
      const rows = db
        .select({ requestId: ledger.requestId, service: ledger.service, n: sql<number>`count(*)` })
        .from(ledger)
        .where(and(among(ledger.requestId, requestIds), eq(ledger.counted, true)))
        .groupBy(ledger.requestId, ledger.service)
        .all();
      return new Map(
        [...groupBy(rows, ({ requestId }) => requestId ?? 0)].map(([requestId, counts]) => {
          const of = (service: ServiceName) => counts.find((row) => row.service === service)?.n ?? 0;
          return [requestId, { torrentio: of('torrentio'), realDebrid: of('realDebrid') }];
        }),
      );
    },

    /** By grab: every want that it serves, or served until it ended. */
    servedBy: (grabIds: readonly number[]): Map<number, WantRow[]> =>
      new Map(
        [
          ...groupBy(
            db
              .select({ grabId: grabWant.grabId, want })
              .from(grabWant)
              .innerJoin(want, eq(want.id, grabWant.wantId))
              .where(among(grabWant.grabId, grabIds))
              .orderBy(asc(want.season), asc(want.episode))
              .all(),
            ({ grabId }) => grabId,
          ),
        ].map(([grabId, rows]) => [grabId, rows.map((row) => row.want)]),
      ),

    /** Grabs that came into the library since then, newest first, and how many more there are. */
    broughtSince: (since: number, limit: number): { rows: GrabRow[]; more: number } => {
      const brought = and(eq(grab.state, 'in-library'), gte(grab.endedAt, since));
      const rows = db.select().from(grab).where(brought).orderBy(desc(grab.endedAt), asc(grab.id)).limit(limit).all();
      const all = db.select({ n: sql<number>`count(*)` }).from(grab).where(brought).get()?.n ?? 0;
      return { rows, more: all - rows.length };
    },

    /** What the journal has of a grab: the line of its adding, and the last search that offered it. */
    originOf: (one: GrabRow): { added: Record<string, unknown> | null; searched: JournaledSearch | null } => {
      const lines = (code: string) =>
        db
          .select({ data: decision.data })
          .from(decision)
          .where(
            and(
              eq(decision.requestId, one.requestId ?? -1),
              eq(decision.code, code),
              sql`instr(${decision.data}, ${one.infoHash}) > 0`,
            ),
          )
          .orderBy(desc(decision.id))
          .limit(1)
          .get()?.data ?? null;
      const searched = lines('searched');
      // Journals of earlier versions have no numbers.
      const isTold = typeof searched?.offers === 'number';
      return { added: lines('grab-added'), searched: isTold ? (searched as unknown as JournaledSearch) : null };
    },

    /** Grabs of the same plan that were tried before this one and came to nothing, the newest of each release. */
    triedBefore: (one: GrabRow, limit: number): Pick<GrabRow, 'release' | 'reason'>[] =>
      db
        .select({ release: grab.release, reason: grab.reason, id: max(grab.id) })
        .from(grab)
        .where(
          and(
            eq(grab.plan, one.plan),
            lt(grab.id, one.id),
            ne(grab.infoHash, one.infoHash),
            inArray(grab.state, ['failed', 'withdrawn', 'discarding']),
          ),
        )
        .groupBy(grab.infoHash)
        .orderBy(desc(max(grab.id)))
        .limit(limit)
        .all(),

    callsPerHour: (since: number): HourOfCalls[] =>
      db
        .select({
          service: ledger.service,
          hour: sql<number>`${hourOf}`,
          calls: sql<number>`count(*)`,
          failed: sql<number>`sum(${ledger.failure} is not null)`,
        })
        .from(ledger)
        .where(gte(ledger.at, since))
        .groupBy(ledger.service, hourOf)
        .all()
        .map((row) => ({ ...row, service: row.service as ServiceName })),

    /** When each service last answered as it should; none = never, as far back as the ledger goes. */
    lastSuccesses: (): Partial<Record<ServiceName, number>> =>
      Object.fromEntries(
        serviceNames.flatMap((service) => {
          const row = db
            .select({ at: ledger.at })
            .from(ledger)
            .where(and(eq(ledger.service, service), isNull(ledger.failure)))
            .orderBy(desc(ledger.at))
            .limit(1)
            .get();
          return row === undefined ? [] : [[service, row.at]];
        }),
      ),

    /** Calls in the minute with the most of them. */
    busiestMinute: (service: ServiceName, since: number): number =>
      Math.max(
        0,
        ...db
          .select({ n: sql<number>`count(*)` })
          .from(ledger)
          .where(and(gte(ledger.at, since), eq(ledger.service, service)))
          .groupBy(minuteOf)
          .all()
          .map(({ n }) => n),
      ),
  };
};

export type ViewStore = ReturnType<typeof viewStore>;
