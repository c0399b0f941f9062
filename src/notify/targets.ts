import type { Config } from '../config/index.js';
import type { Notice } from './notice.js';

export type TargetName = 'webhook' | 'discord' | 'ntfy' | 'gotify';

/** One POST of JSON. */
export interface Post {
  url: string;
  headers: Record<string, string>;
  body: unknown;
}

export interface Target {
  name: TargetName;
  post: (notice: Notice) => Post;
}

/** Those that the configuration names, each with the shape its service takes. */
export const targetsOf = ({ webhook, discord, ntfy, gotify }: Config['notify']): Target[] => [
  ...(webhook.url === '' ? [] : [toWebhook(webhook)]),
  ...(discord.url === '' ? [] : [toDiscord(discord)]),
  ...(ntfy.url === '' ? [] : [toNtfy(ntfy)]),
  ...(gotify.url === '' ? [] : [toGotify(gotify)]),
];

const toWebhook = ({ url, authorization }: Config['notify']['webhook']): Target => ({
  name: 'webhook',
  post: (notice) => ({
    url,
    headers: authorization === '' ? {} : { Authorization: authorization },
    body: { source: 'fulfillarr', ...notice },
  }),
});

const COLOURS: Record<Notice['event'], number> = { 'needs-you': 0xd9480f, settled: 0x2b8a3e, watchable: 0x1864ab };

/** Discord reads Markdown and mentions; titles come from outside. */
const plain = (text: string): string => text.replace(/[\\*_~`|>#[\]()@<-]/g, '\\$&');

const toDiscord = ({ url }: Config['notify']['discord']): Target => ({
  name: 'discord',
  post: ({ event, title, text, at }) => ({
    url,
    headers: {},
    body: {
      username: 'fulfillarr',
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: plain(title).slice(0, 256),
          description: plain(text).slice(0, 4000),
          color: COLOURS[event],
          timestamp: at,
        },
      ],
    },
  }),
});

const PRIORITIES: Record<Notice['event'], { ntfy: number; gotify: number; tag: string }> = {
  'needs-you': { ntfy: 4, gotify: 7, tag: 'warning' },
  settled: { ntfy: 3, gotify: 4, tag: 'white_check_mark' },
  watchable: { ntfy: 3, gotify: 4, tag: 'clapper' },
};

/** As JSON to the server itself: headers, the other way, take ASCII only. */
const toNtfy = ({ url, token }: Config['notify']['ntfy']): Target => ({
  name: 'ntfy',
  post: ({ event, title, text }) => {
    const { server, topic } = topicOf(url);
    const { ntfy, tag } = PRIORITIES[event];
    return {
      url: server,
      headers: token === '' ? {} : { Authorization: `Bearer ${token}` },
      body: { topic, title, message: text === '' ? title : text, priority: ntfy, tags: [tag] },
    };
  },
});

/** The topic is the last part of the address. */
const topicOf = (url: string): { server: string; topic: string } => {
  const { origin, pathname } = new URL(url);
  const parts = pathname.split('/').filter((part) => part !== '');
  return { topic: decodeURIComponent(parts.at(-1) ?? ''), server: `${origin}/${parts.slice(0, -1).join('/')}` };
};

const toGotify = ({ url, token }: Config['notify']['gotify']): Target => ({
  name: 'gotify',
  post: ({ event, title, text }) => ({
    url: `${url.replace(/\/+$/, '')}/message`,
    headers: { 'X-Gotify-Key': token },
    body: { title, message: text === '' ? title : text, priority: PRIORITIES[event].gotify },
  }),
});
