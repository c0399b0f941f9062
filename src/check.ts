import { type CheckSubject, type CheckTarget, identify } from './checkSubject.js';
import { isServiceError, type ServiceError } from './domain/errors.js';
import { chooseForPlan } from './domain/fileChoice.js';
import type { TorrentFile } from './domain/release.js';
import {
  type ProfileChoice,
  type Rejection,
  rejectionCodes,
  type Verdict,
  type Wanted,
} from './domain/selection/index.js';
import { chooseVariant } from './domain/variants.js';
import type { GrabRow } from './store/index.js';
import { accepted } from './tick/acquire.js';
import { askAvailability } from './tick/availability.js';
import type { Tick } from './tick/context.js';
import { finishDiscarding } from './tick/remove.js';
import { search } from './tick/search.js';
import { withWork } from './work.js';

export type { CheckTarget } from './checkSubject.js';

export interface CheckedCandidate {
  verdict: Verdict;
  /** true or false when Real-Debrid said so; null = unknown. */
  cached: boolean | null;
  /** The files that would be selected; null when not looked into. */
  files: { id: number; path: string; bytes: number }[] | null;
}

export interface Checked {
  target: CheckTarget;
  title: string | null;
  mode: 'instant' | 'probe';
  /** The quality profile it was judged by. */
  profile: ProfileChoice;
  /** In rank order, refused ones last. */
  candidates: CheckedCandidate[];
  chosen: string | null;
  calls: { torrentio: number; realDebrid: number };
  /** What a reader should know about how this came about. */
  remarks: string[];
}

/** Real-Debrid's list is at most this old when something is added. */
const LIST_AGE = 60_000;

/**
 * What would be chosen for a title, and why. Adds at most one torrent, and removes it again. Throws `ServiceError`.
 */
export const checkStreams = async (
  tick: Tick,
  target: CheckTarget,
  { probe, plan: key }: { probe: boolean; plan: string },
): Promise<Checked> => {
  const subject = await identify(tick, target, key);
  const found = await search(tick, subject.plan, subject.wanted);
  const candidates = found.verdicts.map((verdict): CheckedCandidate => ({ verdict, cached: null, files: null }));
  const accepted = candidates.filter(({ verdict }) => verdict.accepted);
  const variants = await askAvailability(
    tick,
    accepted.map(({ verdict }) => verdict.release.infoHash),
  );
  const remarks = [...subject.remarks, ...found.notices.map((notice) => `The addon says: ${notice}`)];
  let chosen: CheckedCandidate | undefined;
  if (variants !== null) {
    chosen = weighVariants(subject.wanted, accepted, variants);
  }
  chosen ??= accepted[0];
  if (probe && chosen !== undefined && chosen.files === null) {
    tick.signal.throwIfAborted();
    chosen = await withWork({ signal: patient(tick.signal) }, () => lookInside(tick, subject, accepted, remarks));
  }
  return {
    target,
    title: subject.title,
    mode: variants === null ? 'probe' : 'instant',
    profile: found.profile,
    candidates: [...candidates.filter(isAccepted), ...candidates.filter((one) => !isAccepted(one))],
    chosen: chosen?.verdict.release.infoHash ?? null,
    calls: tick.store.journal.chargedToPlan(key),
    remarks,
  };
};

const isAccepted = ({ verdict }: CheckedCandidate): boolean => verdict.accepted;

/** What was acceptable by its name turns out not to be. */
const refuseAfterAll = (candidate: CheckedCandidate, rejection: Rejection): void => {
  candidate.verdict = { ...candidate.verdict, accepted: false, rejections: [rejection], score: null };
};

const weighVariants = (
  wanted: Wanted,
  accepted: CheckedCandidate[],
  variants: NonNullable<Awaited<ReturnType<typeof askAvailability>>>,
): CheckedCandidate | undefined => {
  for (const candidate of accepted) {
    const { release } = candidate.verdict;
    const sets = variants.get(release.infoHash) ?? [];
    const choice = chooseVariant(sets, [wanted], { torrentName: release.name, fileIndex: release.fileIndex });
    candidate.cached = choice.kind === 'instant';
    if (choice.kind === 'instant') {
      const files = new Map(sets.flat().map((file) => [file.id, file]));
      candidate.files = choice.fileIds.flatMap((id) => files.get(id) ?? []);
    }
  }
  return accepted.find(({ cached }) => cached === true);
};

/** How long after a stop the look inside may go on: what it has added has to go again. */
const FINISH_WITHIN = 4_000;

/** Aborts only some time after `stop` has. */
const patient = (stop: AbortSignal): AbortSignal => {
  const later = new AbortController();
  const onStop = () => void setTimeout(() => later.abort(stop.reason), FINISH_WITHIN).unref();
  stop.addEventListener('abort', onStop, { once: true });
  return later.signal;
};

/** Adds the best candidate to read its files, and removes it. Costs three calls; whether it is cached stays unknown. */
const lookInside = async (
  tick: Tick,
  { plan, wanted }: CheckSubject,
  candidates: CheckedCandidate[],
  remarks: string[],
): Promise<CheckedCandidate | undefined> => {
  const [top, next] = candidates;
  if (top === undefined) {
    return undefined;
  }
  const { release } = top.verdict;
  const known = await tick.realDebrid.rememberedFiles(release.infoHash);
  if (known !== null) {
    return weighFiles(top, known, wanted, remarks) ? top : next;
  }
  await tick.account.list(LIST_AGE);
  if (tick.account.entriesOf(release.infoHash).length > 0) {
    remarks.push('The best release is in the account already.');
    return top;
  }
  const grab = await addForNow(tick, top, plan.key, remarks);
  if (grab === null) {
    return next;
  }
  try {
    const info = await tick.realDebrid.info(grab.rdId ?? '');
    return weighFiles(top, info?.files ?? [], wanted, remarks) ? top : next;
  } finally {
    await finishDiscarding(tick, grab);
  }
};

/** Whether the files of the best release will do, or are not known yet; those that would be selected are put down. */
const weighFiles = (top: CheckedCandidate, files: TorrentFile[], wanted: Wanted, remarks: string[]): boolean => {
  const { name, fileIndex } = top.verdict.release;
  const choice = chooseForPlan(files, [wanted], { torrentName: name, fileIndex });
  if (choice.outcome === 'selected') {
    top.files = files
      .filter((file) => choice.ids.includes(file.id))
      .map(({ id, path, bytes }) => ({ id, path, bytes }));
    return true;
  }
  if (choice.outcome === 'undecided') {
    remarks.push('Real-Debrid does not know the files of the best release yet.');
    return true;
  }
  refuseAfterAll(top, choice.rejection);
  const { code, got } = choice.rejection;
  remarks.push(`The files of the best release will not do: ${code} (${got}): ${rejectionCodes[code]}`);
  return false;
};

const refusalOf = ({ code }: ServiceError): Rejection =>
  code === 'rd-35'
    ? { code: 'refused-by-name', got: 'refused (451)', wanted: 'a name Real-Debrid accepts', permanent: false }
    : { code: 'blocked', got: code, wanted: 'a release Real-Debrid accepts', permanent: false };

/** A daemon beside this leaves the entry to us for so long; then it removes it (ms). */
const OURS_FOR = 60_000;

/**
 * Adds it only to look inside. The intent is committed before the call and marked for removal after it, so that
 * whatever becomes of this process, a daemon or the next start takes it away again. null = Real-Debrid refuses it.
 */
const addForNow = async (
  tick: Tick,
  top: CheckedCandidate,
  plan: string,
  remarks: string[],
): Promise<GrabRow | null> => {
  const { release } = top.verdict;
  const { grabs } = tick.store;
  const now = tick.clock.now();
  const times = { addSentAt: now, progressAt: now, lookAt: now, expiresAt: now, createdAt: now };
  const { infoHash, name } = release;
  const intent = grabs.begin({
    infoHash,
    release: name,
    plan,
    role: 'probe',
    rank: 0,
    ours: true,
    knownIds: [],
    wantIds: [],
    ...times,
  });
  try {
    const { id } = await tick.realDebrid.addMagnet(infoHash, release.trackers);
    return tick.store.transaction(() => {
      accepted(tick, intent, id);
      return grabs.move(intent.id, 'discarding', now, { reason: 'lost-to-better', lookAt: now + OURS_FOR });
    });
  } catch (error) {
    if (isServiceError(error) && !error.ambiguous) {
      grabs.forget(intent.id);
    }
    if (isServiceError(error) && error.failure === 'release') {
      remarks.push(`Real-Debrid refuses the best release: ${error.message}`);
      refuseAfterAll(top, refusalOf(error));
      return null;
    }
    throw error;
  }
};
