import { createHash } from 'node:crypto';
import script from '#page-script';
import { type Answer, etagOf } from '../answer.js';
import style from './page.css';
import html from './page.html';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** A function, so that nothing in the text is taken for a pattern of `replace`. */
const put = (into: string, place: string, text: string): string => into.replace(place, () => text);

/** The status page: one document that asks for nothing but `api/overview` beside it. */
export const pageAnswer = (): Answer => {
  const body = put(put(html, '/*style*/', style), '/*script*/', script);
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // Text can only ever become text: nothing in the page may write markup.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    status: 200,
    body,
    type: 'text/html; charset=utf-8',
    etag: etagOf(body),
    headers: {
      'content-security-policy': policy.join('; '),
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    },
  };
};
