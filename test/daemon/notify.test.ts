import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AttentionItem } from '../../src/attention.js';
import { noticesFor } from '../../src/notify/notice.js';
import { createNotifier, type Notifier } from '../../src/notify/notifier.js';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { type Household, household, type LoggedLine } from '../support/household.js';

const { sintel } = OPEN_TITLES;
const MINUTE = 60_000;
const never = new AbortController().signal;

const item = (change: Partial<AttentionItem> = {}): AttentionItem => ({
  id: 'request:1:not-seen',
  code: 'not-seen',
  message: 'it is ready, but Jellyfin does not show it',
  hint: 'Check the mount.',
  requestId: 1,
  title: 'Sintel (2010)',
  since: null,
  ...change,
});

describe('what is said', () => {
  test('once when it begins, once when it is over, nothing in between', () => {
    const first = noticesFor([item()], {}, 0);
    expect(first.notices).toMatchObject([
      {
        event: 'needs-you',
        code: 'not-seen',
        requestId: 1,
        title: 'Sintel (2010): it is ready, but Jellyfin does not show it',
        text: 'it is ready, but Jellyfin does not show it. Check the mount.',
      },
    ]);
    const second = noticesFor([item({ message: 'reworded' }), item({ id: 'other' })], first.told, 0);
    expect(second.notices).toHaveLength(1);
    const third = noticesFor([item({ id: 'other' })], second.told, 0);
    expect(third.notices).toMatchObject([
      { event: 'settled', title: expect.stringMatching(/^Settled: Sintel \(2010\)/) },
    ]);
    expect(Object.keys(third.told)).toEqual(['other']);
  });

  test('one bounded, harmless line, whatever a title holds', () => {
    const [notice] = noticesFor(
      [item({ title: `a\u001b[31m\n\u202e${'x'.repeat(9_000)}`, requestId: 2 })],
      {},
      0,
    ).notices;
    expect(notice?.title.length).toBeLessThanOrEqual(150);
    expect(notice?.title).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** A messenger's server that answers with `status`. */
const messenger = async () => {
  const received: Received[] = [];
  let status = 200;
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) });
      response.writeHead(status).end('{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answer: (code: number) => {
      status = code;
    },
    stop: () => new Promise((done) => server.close(done)),
  };
};

let home: Household | null = null;
let server: Awaited<ReturnType<typeof messenger>>;
beforeEach(async () => {
  server = await messenger();
});
afterEach(async () => {
  await home?.stop();
  home = null;
  await server.stop();
});

const notifying = async (
  config: Record<string, string>,
): Promise<{ home: Household; notifier: Notifier; said: LoggedLine[] }> => {
  const here = await household({ config });
  home = here;
  const said: LoggedLine[] = [];
  const note = (level: string) => (message: string) => void said.push({ level, message });
  const log = {
    error: note('error'),
    warn: note('warn'),
    info: note('info'),
    debug: note('debug'),
    close: async () => undefined,
  };
  const { store, clock } = here;
  const notifier = createNotifier({ store, clock, log, config: () => here.config, signal: never });
  return { home: here, notifier, said };
};
/** A request that a person has to look at. */
const trouble = async (home: Household) => {
  home.sandbox.world.addMovie({ tmdbId: 900_301, imdbId: null, title: 'Synthetic *Film* <@everyone>', year: 2020 });
  const id = home.sandbox.seerr.request({ tmdbId: 900_301, type: 'movie' });
  await home.tick();
  return id;
};

describe('each target in the shape it takes', () => {
  test('all four, once each', async () => {
    const { home, notifier } = await notifying({
      'notify.webhook.url': `${server.url}/hook?key=1`,
      'notify.webhook.authorization': 'Bearer of news',
      'notify.discord.url': `${server.url}/api/webhooks/1/abc`,
      'notify.ntfy.url': `${server.url}/my-topic`,
      'notify.ntfy.token': 'tk_123456',
      'notify.gotify.url': `${server.url}/gotify/`,
      'notify.gotify.token': 'Agotifytoken',
    });
    const id = await trouble(home);
    await notifier.look();
    await notifier.look();
    const [webhook, discord, ntfy, gotify, ...others] = server.received;
    expect(others).toEqual([]);
    expect(webhook).toMatchObject({
      path: '/hook?key=1',
      headers: { authorization: 'Bearer of news', 'content-type': 'application/json' },
      body: { source: 'fulfillarr', event: 'needs-you', code: 'no-imdb-id', requestId: id },
    });
    expect(discord).toMatchObject({
      path: '/api/webhooks/1/abc',
      body: {
        allowed_mentions: { parse: [] },
        embeds: [{ title: expect.stringContaining('Synthetic \\*Film\\* \\<\\@everyone\\>') }],
      },
    });
    expect(ntfy).toMatchObject({
      path: '/',
      headers: { authorization: 'Bearer tk_123456' },
      body: { topic: 'my-topic', priority: 4, title: expect.stringContaining('Synthetic *Film*') },
    });
    expect(gotify).toMatchObject({
      path: '/gotify/message',
      headers: { 'x-gotify-key': 'Agotifytoken' },
      body: { priority: 7, message: expect.stringContaining('themoviedb.org') },
    });
  });

  test('also what can be watched now, from when it is switched on', async () => {
    const { home, notifier } = await notifying({ 'notify.webhook.url': server.url, 'notify.watchable': 'true' });
    await notifier.look();
    home.sandbox.world.addRelease({ of: sintel.imdbId, name: 'Sintel 2010 1080p BluRay x265-GRP', cached: true });
    const id = home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
    await home.live(5 * MINUTE);
    await notifier.look();
    await notifier.look();
    expect(server.received.map(({ body }) => body)).toMatchObject([
      { event: 'watchable', requestId: id, title: 'Sintel (2010) can be watched now' },
    ]);
  });
});

test('a target that is away: tried again, said once, and the recovery is told, too', async () => {
  const { home, notifier, said } = await notifying({ 'notify.webhook.url': server.url });
  server.answer(500);
  const id = await trouble(home);
  for (let i = 0; i < 8; i += 1) {
    await notifier.look();
    home.clock.pass(MINUTE);
  }
  expect(server.received).toHaveLength(3);
  expect(said).toHaveLength(1);
  expect(said[0]?.message).toMatch(/did not reach webhook: HTTP 500; tried again in 1 min. Check notify.webhook$/);
  expect(said[0]?.message).not.toContain(server.url);
  server.answer(204);
  home.clock.pass(60 * MINUTE);
  await notifier.look();
  home.sandbox.seerr.deleteRequest(id);
  await home.live(MINUTE);
  await notifier.look();
  expect(server.received.slice(3).map(({ body }) => body.event)).toEqual(['needs-you', 'settled']);
});

test('a new target learns of what is open at that time', async () => {
  const { home, notifier } = await notifying({});
  await trouble(home);
  await notifier.look();
  expect(server.received).toEqual([]);
  const later = createNotifier({
    store: home.store,
    clock: home.clock,
    log: { error() {}, warn() {}, info() {}, debug() {}, close: async () => undefined },
    config: () => ({
      ...home.config,
      notify: { ...home.config.notify, webhook: { url: server.url, authorization: '' } },
    }),
    signal: never,
  });
  await later.look();
  expect(server.received).toHaveLength(1);
});
