import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '../support/program.js';
import { type Served, served } from '../support/served.js';

const SECRET = 'a secret with spaces, 7 of them';
const FIXTURES = 'test/fixtures/seerr';

let home: Served;
afterEach(() => home.stop());

const open = async (secret = SECRET, delay = '50ms') => {
  home = await served({ config: { 'http.webhookSecret': secret, 'http.webhookDelay': delay } });
};
const post = (body: RequestInit['body'] = '{}', headers: Record<string, string> = { authorization: SECRET }) =>
  fetch(`${home.base}/webhook/seerr`, { method: 'POST', body: body ?? null, headers, duplex: 'half' } as RequestInit);
const asked = (times: number) =>
  until(
    () => home.asked.ticks === times,
    () => `asked for ${home.asked.ticks} ticks`,
  );
const settled = () => new Promise((done) => setTimeout(done, 200));

describe('who may call', () => {
  test('nobody where no secret is set: there is no such path', async () => {
    await open('');
    for (const headers of [{}, { authorization: '' }, { authorization: 'anything' }] as Record<string, string>[]) {
      expect((await post('{}', headers)).status).toBe(404);
    }
    expect((await fetch(`${home.base}/webhook/seerr`)).status).toBe(404);
    await settled();
    expect(home.asked.ticks).toBe(0);
  });

  test('only who sends the secret, as it is', async () => {
    await open();
    const wrong = ['', 'a secret', `${SECRET}!`, SECRET.toUpperCase(), `Bearer ${SECRET}`, SECRET.slice(0, -1)];
    for (const authorization of wrong) {
      const answer = await post('{"notification_type":"MEDIA_APPROVED"}', { authorization });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).not.toBeNull();
      expect(await answer.json()).toEqual({ error: 'unauthorized' });
    }
    expect((await post('{}', {})).status).toBe(401);
    await settled();
    expect(home.asked.ticks).toBe(0);
    expect((await post()).status).toBe(202);
    await asked(1);
  });

  test('strangers are told of once in a while, without what they sent', async () => {
    await open();
    for (let i = 0; i < 20; i += 1) {
      await post('{}', { authorization: `guess-${i}` });
    }
    const lines = home.log.filter(({ message }) => message.includes('Authorization header'));
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(home.log)).not.toMatch(/guess-|7 of them/);
  });

  test('by POST only', async () => {
    await open();
    const answer = await fetch(`${home.base}/webhook/seerr`, { headers: { authorization: SECRET } });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });
});

describe('what is sent', () => {
  test.each([
    ['Seerr’s test', readFileSync(`${FIXTURES}/30-webhook-test.json`)],
    ['an approval', readFileSync(`${FIXTURES}/36-webhook-pending.json`)],
    ['broken JSON', '{"notification_type":'],
    ['no JSON', '\u0000\u001b[31m<script>'],
    ['nothing', ''],
  ])('%s: accepted, not read, not reflected', async (_what, body) => {
    await open();
    const answer = await post(body);
    expect(answer.status).toBe(202);
    expect(await answer.text()).toBe('{"status":"accepted"}\n');
    await asked(1);
  });

  test('64 kB and no more, however it is announced', async () => {
    await open();
    expect((await post('x'.repeat(64 * 1024))).status).toBe(202);
    await asked(1);
    expect((await post('x'.repeat(64 * 1024 + 1))).status).toBe(413);
    const chunks = new ReadableStream({
      start: (controller) => {
        for (let i = 0; i < 40; i += 1) {
          controller.enqueue(new Uint8Array(10_000));
        }
        controller.close();
      },
    });
    const answer = await post(chunks);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toEqual({ error: 'the body is too large' });
    await settled();
    expect(home.asked.ticks).toBe(1);
  });
});

describe('what comes of it', () => {
  test('several within the delay are one; one after it is another', async () => {
    await open(SECRET, '150ms');
    await Promise.all(Array.from({ length: 10 }, () => post()));
    await asked(1);
    await post();
    await asked(2);
    await settled();
    expect(home.asked.ticks).toBe(2);
  });
});
