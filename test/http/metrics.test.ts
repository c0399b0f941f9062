import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { command } from '../support/commands.js';
import { type Served, served } from '../support/served.js';

/** What Prometheus reads, against a program that really ran. */

const { sintel, tearsOfSteel, bigBuckBunny } = OPEN_TITLES;
const MINUTE = 60_000;

let home: Served;
beforeEach(async () => {
  home = await served({ config: { 'realDebrid.requestsPerMinute': '9000', 'torrentio.dailyBudget': '3000' } });
});
afterEach(() => home.stop());

const scrape = async () => (await fetch(`${home.base}/metrics`)).text();
const SAMPLE = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/g;

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** By the text format: comments, and samples. Throws on anything else. */
const parse = (text: string): Sample[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
      expect(line).toMatch(SAMPLE);
      expect(labels.replaceAll(LABEL, '')).toBe('');
      return {
        name,
        labels: Object.fromEntries([...labels.matchAll(LABEL)].map(([, key = '', text = '']) => [key, text])),
        value: Number(value),
      };
    });

const sampleOf = (samples: Sample[], name: string, labels: Record<string, string> = {}): number | undefined =>
  samples.find((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
    ?.value;

const release = (of: string, name: string, more: object = {}) =>
  home.sandbox.world.addRelease({ of, name, cached: true, ...more });
const request = (tmdbId: number) => home.sandbox.seerr.request({ tmdbId, type: 'movie' });

test('the format: Prometheus’ own type, each metric declared once and with its help', async () => {
  await home.live(MINUTE);
  const answer = await fetch(`${home.base}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await answer.text();
  const names = new Set(parse(text).map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')));
  for (const name of names) {
    expect(text.match(new RegExp(`^# HELP ${name} .+$`, 'gm'))).toHaveLength(1);
    expect(text.match(new RegExp(`^# TYPE ${name} (counter|gauge|histogram)$`, 'gm'))).toHaveLength(1);
  }
});

test('requests, wants and grabs by state; calls by service, operation and outcome; ticks; budgets', async () => {
  release(sintel.imdbId, 'Sintel 2010 1080p BluRay x265-GRP');
  release(bigBuckBunny.imdbId, 'Big Buck Bunny 2008 1080p BluRay x265-GRP', {
    ...{ cached: false, downloadMs: 86_400_000, bytes: 900 * 1024 ** 2 },
  });
  request(sintel.tmdbId);
  request(bigBuckBunny.tmdbId);
  request(tearsOfSteel.tmdbId);
  await home.live(10 * MINUTE);
  const samples = parse(await scrape());
  const states = (name: string) =>
    Object.fromEntries(samples.filter((one) => one.name === name).map(({ labels, value }) => [labels.state, value]));
  expect(states('fulfillarr_requests')).toEqual({ active: 2, attention: 0, fulfilled: 1 });
  expect(states('fulfillarr_wants')).toEqual({
    unreleased: 0,
    waiting: 1,
    searching: 0,
    'in-flight': 1,
    'in-library': 1,
  });
  expect(states('fulfillarr_grabs')).toEqual({ adding: 0, selecting: 0, downloading: 1, ready: 0, discarding: 0 });

  const counted = home.sandbox.realDebrid.counts();
  const adds = { service: 'realDebrid', operation: 'addMagnet', outcome: 'ok' };
  expect(sampleOf(samples, 'fulfillarr_calls_total', adds)).toBe(counted.addMagnet);
  const streams = { service: 'torrentio', operation: 'streams', outcome: 'ok' };
  expect(sampleOf(samples, 'fulfillarr_calls_total', streams)).toBe(home.sandbox.torrentio.counts().stream);

  expect(sampleOf(samples, 'fulfillarr_tick_duration_seconds_count')).toBe(20);
  expect(sampleOf(samples, 'fulfillarr_tick_duration_seconds_bucket', { le: '+Inf' })).toBe(20);
  expect(sampleOf(samples, 'fulfillarr_last_tick_timestamp_seconds')).toBeGreaterThan(
    (home.clock.now() - 60_000) / 1000,
  );
  expect(sampleOf(samples, 'fulfillarr_budget_used', { service: 'torrentio' })).toBe(
    home.sandbox.torrentio.counts().stream,
  );
  expect(sampleOf(samples, 'fulfillarr_budget_limit', { service: 'torrentio', window: 'day' })).toBe(3000);
  expect(sampleOf(samples, 'fulfillarr_budget_limit', { service: 'realDebrid', window: 'minute' })).toBe(9000);
  expect(sampleOf(samples, 'fulfillarr_build_info', { version: '0.0.0-test' })).toBe(1);
  expect(sampleOf(samples, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);
});

describe('services', () => {
  test('a pause shows while it lasts; the last success stays; outcomes are few words', async () => {
    release(sintel.imdbId, 'Sintel 2010 1080p BluRay x265-GRP');
    request(sintel.tmdbId);
    const lift = home.sandbox.torrentio.faults.fail('*', { status: 429, times: Infinity });
    await home.live(MINUTE);
    const throttle = { service: 'torrentio', kind: 'throttle' };
    const during = parse(await scrape());
    expect(sampleOf(during, 'fulfillarr_service_paused', throttle)).toBe(1);
    expect(sampleOf(during, 'fulfillarr_service_paused', { service: 'realDebrid', kind: 'account' })).toBe(0);
    expect(sampleOf(during, 'fulfillarr_calls_total', { service: 'torrentio', outcome: 'throttled' })).toBe(1);
    expect(sampleOf(during, 'fulfillarr_last_success_timestamp_seconds', { service: 'torrentio' })).toBeUndefined();
    expect(sampleOf(during, 'fulfillarr_last_success_timestamp_seconds', { service: 'seerr' })).toBeGreaterThan(1e9);
    lift();
    await home.live(2 * 60 * MINUTE, 5 * MINUTE);
    expect(sampleOf(parse(await scrape()), 'fulfillarr_service_paused', throttle)).toBe(0);
  });

  test('a refused token is attention, and `paused` is told', async () => {
    home.sandbox.realDebrid.token = 'a-token-that-was-renewed-0123456789';
    release(sintel.imdbId, 'Sintel 2010 1080p BluRay x265-GRP');
    request(sintel.tmdbId);
    await home.live(MINUTE);
    await command(home, ['pause']);
    const samples = parse(await scrape());
    expect(sampleOf(samples, 'fulfillarr_attention', { code: 'credentials' })).toBe(1);
    expect(sampleOf(samples, 'fulfillarr_service_paused', { service: 'realDebrid', kind: 'account' })).toBe(1);
    expect(sampleOf(samples, 'fulfillarr_paused')).toBe(1);
  });

  test('what was before a restart of the process is remembered from the ledger', async () => {
    await home.live(MINUTE);
    home.meters.lastSuccess = {};
    expect(sampleOf(parse(await scrape()), 'fulfillarr_last_success_timestamp_seconds', { service: 'seerr' })).toBe(
      (home.clock.now() - 30_000) / 1000,
    );
  });
});

test('no title, release, hash or id ever is a label, whatever strangers call their things', async () => {
  const hostile = 'Synthetic "Film"\n# HELP evil 1\nevil{x="y"} 1 \u202e\u001b[31m';
  home.sandbox.world.addMovie({ tmdbId: 900_002, imdbId: 'tt9900002', title: hostile, year: 2020, runtime: 15 });
  const { hash } = release('tt9900002', `${hostile} 2020 1080p BluRay x265`);
  home.sandbox.jellyfin.identify(hash, { kind: 'wrong', name: hostile, providerIds: { Tmdb: '1' } });
  const id = request(900_002);
  home.sandbox.realDebrid.faults.fail('addMagnet', { status: 503, body: { error: hostile, error_code: 424_242 } });
  await home.live(3 * 60 * MINUTE, 5 * MINUTE);
  const text = await scrape();
  const samples = parse(text);
  expect(text).not.toMatch(/evil|Synthetic|tt99|900002|424242/);
  expect(text.toLowerCase()).not.toContain(hash.toLowerCase());
  for (const { labels } of samples) {
    const { le, ...words } = labels;
    expect(le ?? '1').toMatch(/^(\+Inf|[\d.]+)$/);
    for (const value of Object.values(words)) {
      expect(value).toMatch(/^[a-zA-Z0-9.-]+$/);
      expect(value).not.toBe(String(id));
    }
  }
  expect(samples.length).toBeLessThan(150);
});
