import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { configKeys, loadConfig, secretValues } from '../../src/config/index.js';
import type { Outpost } from '../support/outpost.js';
import { leaks, shapesOf } from '../support/secrets.js';

/** Every secret that can be configured, and every way out of the program. */

export const ADDON_KEY = 'ADDONKEY0123456789ABCDEFGHIJ';
/** Messengers take what lets us in as a part of their address. */
const HOOK_KEY = 'hookkey-0123456789';
const DISCORD_TOKEN = 'DISCORDTOKEN-0123456789';
const NTFY_TOPIC = 'ntfytopic-0123456789';
const PROXY_WORD = 'proxyword-0123456789';
const PROXY_LOGIN = `me:${PROXY_WORD}`;
/** Refuses every connection: that a message did not arrive is told. */
const NOBODY = 'http://127.0.0.1:1';
/** In the data directory, which is searched: the program is started there. */
const LOG_FILE = 'logs/fulfillarr.log';

/**
 * Those of the services are the stand-ins’ own. The addon’s address could hold its settings only in place of the
 * options: `services/recorded.test.ts` has keys of that place and of the proxy said back.
 */
export const secretEnv: Record<string, string> = {
  FULFILLARR_LOG_FILE: LOG_FILE,
  FULFILLARR_TORRENTIO_OPTIONS: `sort=qualitysize|realdebrid=${ADDON_KEY}`,
  FULFILLARR_HTTP_WEBHOOK_SECRET: 'Bearer webhook/secret+0123456789',
  FULFILLARR_NOTIFY_WEBHOOK_URL: `${NOBODY}/?key=${HOOK_KEY}`,
  FULFILLARR_NOTIFY_WEBHOOK_AUTHORIZATION: 'Bearer hook/authorization+0123456789',
  FULFILLARR_NOTIFY_DISCORD_URL: `${NOBODY}/api/webhooks/1/${DISCORD_TOKEN}`,
  FULFILLARR_NOTIFY_NTFY_URL: `${NOBODY}/${NTFY_TOPIC}`,
  FULFILLARR_NOTIFY_NTFY_TOKEN: 'tk_ntfytoken0123456789',
  FULFILLARR_NOTIFY_GOTIFY_URL: `${NOBODY}/gotify/`,
  FULFILLARR_NOTIFY_GOTIFY_TOKEN: 'gotifytoken-0123456789',
};

export const proxyEnv = (address: string): Record<string, string> => ({
  FULFILLARR_TORRENTIO_PROXY: `http://${PROXY_LOGIN}@${address}`,
});

/** None is left unset, and whatever the program masks is among them. */
const secretsOf = ({ env, dir }: Outpost): string[] => {
  const names = configKeys().flatMap(({ meta, env: name }) => (meta.secret ? [name] : []));
  expect(names.filter((name) => !env[name])).toEqual([]);
  const inside = [ADDON_KEY, HOOK_KEY, DISCORD_TOKEN, NTFY_TOPIC, PROXY_LOGIN, PROXY_WORD];
  const secrets = [...names.map((name) => env[name] ?? ''), ...inside];
  const loaded = loadConfig({ env, cwd: dir, readFile: (path) => readFileSync(path, 'utf8') });
  const masked = loaded.ok ? secretValues(loaded.config) : ['a configuration without mistakes'];
  const searched = shapesOf(secrets);
  expect(masked.filter((one) => !searched.includes(one))).toEqual([]);
  return secrets;
};

const answered = async (base: string, path: string, method = 'GET'): Promise<[string, string]> => {
  const answer = await fetch(base + path, { method });
  expect([path, answer.status]).not.toEqual([path, 404]);
  return [path, await answer.text()];
};

const printed = async (post: Outpost, ...args: string[]): Promise<[string, string]> => {
  const name = args.join(' ');
  const { code, out, err } = await post.command(...args);
  // 5: something is not well, 4: a second daemon finds the first.
  if (code !== 0 && code !== (name === 'run' ? 4 : 5)) {
    throw new Error(`${name} ended with ${code}: ${err}`);
  }
  return [name, `${out}\n${err}`];
};

/** What a running program answers, and what commands beside it print. */
const saidBeside = async (post: Outpost): Promise<Record<string, string>> => {
  const [, base = ''] = /health at (http:\S+)\/healthz/.exec(post.program.err) ?? [];
  const [, status] = await answered(base, '/api/status');
  const ids = (JSON.parse(status) as { requests: { id: number }[] }).requests.map(({ id }) => id);
  const newest = String(Math.max(...ids));
  const paths = ['/', '/healthz', '/readyz', '/metrics', '/api/overview', ...ids.map((id) => `/api/explain/${id}`)];
  const said = await Promise.all([
    ...paths.map((path) => answered(base, path)),
    answered(base, '/webhook/seerr', 'POST'),
    // As JSON the first two print what is served.
    printed(post, 'status'),
    printed(post, 'explain', newest),
    printed(post, 'doctor', '--json'),
    printed(post, 'config', 'print'),
    printed(post, 'run'),
  ]);
  return { ...Object.fromEntries(said), '/api/status': status };
};

/** Where a secret has got out, of a program that runs; ends it. */
export const leaksOf = async (post: Outpost): Promise<string[]> => {
  const secrets = secretsOf(post);
  const said = await saidBeside(post);
  await post.stop();
  expect(existsSync(join(post.dir, LOG_FILE))).toBe(true);
  return leaks(secrets, { stdout: post.out, stderr: post.log, ...said }, post.dir);
};
