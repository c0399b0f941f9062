import { type ServiceName, serviceLabels } from './domain/errors.js';
import type { RequestStatusDocument } from './status.js';
import { requestStatus } from './status.js';
import type { RequestRow, Store } from './store/index.js';

/** One thing that was decided, tried or noticed for a request. */
export interface ExplainEvent {
  at: string;
  kind: 'candidate' | 'decision' | 'call' | 'transition' | 'attention';
  want: string | null;
  code: string;
  text: string;
  data: Record<string, unknown>;
}

/** The public document of `explain --json` and `GET /api/explain/{requestId}`. */
export interface ExplainDocument {
  request: RequestStatusDocument;
  /** Oldest first. */
  events: ExplainEvent[];
  next: { at: string | null; what: string };
}

/** Rows of each kind that are looked at, newest first; what is older is left out. */
const LIMIT = 300;

/** Why a request is where it is: every candidate with its verdict, every decision, every call, and what comes next. */
export const explainDocument = (store: Store, row: RequestRow, now: number): ExplainDocument => {
  const request = requestStatus(store, row, now);
  const timed = [...decisions(store, row.id), ...calls(store, row.id)].sort((a, b) => a.at - b.at);
  return {
    request,
    events: timed.map(({ at, ...event }) => ({ at: new Date(at).toISOString(), ...event })),
    next: nextOf(request, row),
  };
};

type Timed = Omit<ExplainEvent, 'at'> & { at: number };

const decisions = (store: Store, requestId: number): Timed[] =>
  store.journal
    .ofRequest(requestId, LIMIT)
    .reverse()
    .flatMap(({ at, kind, want, code, text, data }) => {
      const event: Timed = { at, kind, want, code, text, data: data ?? {} };
      return code === 'searched' ? [event, ...candidatesOf(event)] : [event];
    });

interface JournaledCandidate {
  infoHash: string;
  release: string;
  accepted: boolean;
  score: number | null;
  rejections: { code: string; got: string; wanted: string }[];
}

/** A search is kept as one row; each of its candidates is an event of its own. */
const candidatesOf = ({ at, want, data }: Timed): Timed[] => {
  const candidates = Array.isArray(data.candidates) ? (data.candidates as JournaledCandidate[]) : [];
  delete data.candidates;
  return candidates.map((candidate) => ({
    at,
    kind: 'candidate',
    want,
    code: candidate.accepted ? 'accepted' : (candidate.rejections[0]?.code ?? 'refused'),
    text: verdictOf(candidate),
    data: { ...candidate },
  }));
};

const verdictOf = ({ release, accepted, score, rejections }: JournaledCandidate): string =>
  accepted
    ? `${release}: acceptable, score ${score ?? 0}`
    : `${release}: refused: ${rejections.map(({ code, got, wanted }) => `${code} (${got}; wanted ${wanted})`).join(', ')}`;

const calls = (store: Store, requestId: number): Timed[] =>
  store.journal
    .callsFor(requestId, LIMIT)
    .reverse()
    .map((call) => {
      const { at, service, operation, attempt, status, durationMs, failure, counted } = call;
      const outcome = failure === null ? `answered ${status ?? 'nothing'}` : `failed: ${failure}`;
      const again = attempt === 1 ? '' : ` (attempt ${attempt})`;
      return {
        at,
        kind: 'call',
        want: null,
        code: operation,
        text: `${serviceLabels[service as ServiceName] ?? service} ${operation}${again}: ${outcome} in ${durationMs} ms`,
        data: { service, operation, attempt, status, durationMs, failure, counted },
      };
    });

const nextOf = ({ state, attention, wants }: RequestStatusDocument, row: RequestRow): ExplainDocument['next'] => {
  if (state === 'fulfilled') {
    return { at: null, what: 'nothing: it is fulfilled' };
  }
  const open = wants.filter((want) => want.state !== 'in-library');
  const first = [...open].sort((a, b) => (a.nextActionAt ?? '9').localeCompare(b.nextActionAt ?? '9'))[0];
  if (first === undefined && row.title !== null && row.expandAt !== null && !row.expandedFully) {
    const what = attention?.hint ?? 'a season of it has no episodes yet, or could not be read: it is read again';
    return { at: new Date(row.expandAt).toISOString(), what };
  }
  if (first === undefined) {
    return {
      at: null,
      what: wants.length === 0 ? (attention?.hint ?? 'its details are read from Seerr') : 'it is closed in Seerr',
    };
  }
  return { at: first.nextActionAt, what: `${first.key}: ${deed[first.state]}` };
};

const deed: Record<RequestStatusDocument['wants'][number]['state'], string> = {
  searching: 'is searched with the next tick',
  waiting: 'is searched again',
  unreleased: 'is searched once it is out',
  'in-flight': 'is looked at in the account or in Jellyfin',
  'in-library': 'nothing',
};
