import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Product, startProduct } from '../demo/product.js';
import { COMPRESS, type Story, sandboxOptions, tellStories } from '../demo/scenario.js';
import { type Sandbox, startSandbox } from '../sandbox/index.js';
import type { RequestStatusDocument, StatusDocument } from '../status.js';
import { type ExitCode, exit, type Io } from './io.js';
import { type Column, table } from './table.js';

const LIMIT_MS = 75_000;
const LOOK_EVERY_MS = 500;
/** Every story has come to its end; some idle polls must then cost nothing. */
const IDLE_MS = 4_000;

/** `demo`: the real daemon against the four stand-ins, time compressed. 0 only if every outcome is right. */
export const demo = async (io: Io): Promise<ExitCode> => {
  io.err(
    `Four stand-ins of Seerr, Torrentio, Real-Debrid and Jellyfin run on loopback, ${COMPRESS} times as fast as life.`,
  );
  io.err('The real program is started against them; what follows is its log.\n');
  const sandbox = await startSandbox(sandboxOptions);
  const dataDir = mkdtempSync(join(tmpdir(), 'fulfillarr-demo-'));
  try {
    const stories = tellStories(sandbox);
    const product = startProduct(sandbox, dataDir, await freePort());
    const status = await watch(io, product, stories);
    const idle = await idleCalls(io, sandbox);
    const code = await product.stop();
    const verdicts = stories.map((story) => judge(sandbox, story, status));
    io.out(`\n${present(stories, status, verdicts)}\n`);
    const faults = [
      ...verdicts.flatMap((fault, i) => (fault === null ? [] : [`${stories[i]?.what}: ${fault}`])),
      ...(idle === 0 ? [] : [`${idle} calls to Torrentio or Real-Debrid while nothing was to do`]),
      ...(code === 0 ? [] : [`the program ended with ${code} instead of 0`]),
    ];
    io.out(
      faults.length === 0
        ? 'Every outcome is as it should be.'
        : `Wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
    return faults.length === 0 ? exit.ok : exit.failed;
  } finally {
    await sandbox.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** Looks until every story has ended, or the time is up. */
const watch = async (io: Io, product: Product, stories: Story[]): Promise<StatusDocument | null> => {
  const until = io.clock.now() + LIMIT_MS;
  let status: StatusDocument | null = null;
  while (io.clock.now() < until && !io.stop.aborted && !product.hasEnded()) {
    await io.clock.sleep(LOOK_EVERY_MS);
    status = (await product.status()) ?? status;
    if (status !== null && stories.every((story) => hasEnded(status, story))) {
      break;
    }
  }
  return status;
};

const find = (status: StatusDocument | null, { requestId }: Story): RequestStatusDocument | undefined =>
  status?.requests.find(({ id }) => id === requestId);

const hasEnded = (status: StatusDocument | null, story: Story): boolean => {
  const request = find(status, story);
  return story.expected === 'fulfilled' ? request?.state === 'fulfilled' : request?.wants[0]?.state === 'waiting';
};

/** Calls that a poll with nothing to do should not make. */
const idleCalls = async (io: Io, sandbox: Sandbox): Promise<number> => {
  const count = () => sandbox.torrentio.requests.length + sandbox.realDebrid.requests.length;
  const before = count();
  await io.clock.sleep(IDLE_MS);
  return count() - before;
};

const COMPLETED = 5;

/** What is wrong with how a story ended, by the state of the stand-ins; null = nothing. */
const judge = (sandbox: Sandbox, story: Story, status: StatusDocument | null): string | null => {
  const request = find(status, story);
  if (!hasEnded(status, story)) {
    return `did not end in time (${request?.state ?? 'never seen'})`;
  }
  const completed = sandbox.seerr.state(story.requestId)?.status === COMPLETED;
  if (completed !== (story.expected === 'fulfilled')) {
    return completed ? 'closed in Seerr although nothing was found' : 'not closed in Seerr';
  }
  if (story.hash !== null && sandbox.realDebrid.entriesOf(story.hash).length !== 1) {
    return `${sandbox.realDebrid.entriesOf(story.hash).length} torrents in the account instead of one`;
  }
  const left = story.not.filter((hash) => sandbox.realDebrid.entriesOf(hash).length > 0);
  if (left.length > 0) {
    return 'a refused torrent was left in the account';
  }
  const { torrentio = 0, realDebrid = 0 } = request?.calls ?? {};
  return torrentio > story.seed.torrentio || realDebrid > story.seed.realDebrid
    ? 'more calls than the seed note'
    : null;
};

const present = (stories: Story[], status: StatusDocument | null, verdicts: (string | null)[]): string => {
  const rows = stories.map((story, i) => {
    const request = find(status, story);
    const calls = request?.calls ?? { torrentio: 0, realDebrid: 0 };
    const title = request?.title ?? '?';
    return {
      row: [
        title,
        story.why,
        `${calls.torrentio}+${calls.realDebrid}`,
        `${story.seed.torrentio}+${story.seed.realDebrid}`,
        verdicts[i] === null ? 'ok' : 'WRONG',
      ],
      chosen: `  ${title}: ${request?.wants[0]?.grab?.release ?? nextSearch(request)}`,
    };
  });
  const columns: Column[] = [
    { head: 'request', stretch: true },
    { head: 'what happened' },
    { head: 'calls', right: true },
    { head: 'note', right: true },
    { head: '' },
  ];
  return [
    table(
      columns,
      rows.map(({ row }) => row),
    ),
    '',
    'Chosen:',
    ...rows.map(({ chosen }) => chosen),
    '',
    'calls: to Torrentio + Real-Debrid, made for this request.',
    'note: the same by the call-counting note that this project began with.',
  ].join('\n');
};

const nextSearch = (request: RequestStatusDocument | undefined): string => {
  const at = request?.wants[0]?.nextActionAt;
  return at == null ? 'nothing' : `nothing yet; searched again at ${at.slice(11, 19)} UTC`;
};
