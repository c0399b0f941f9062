import type { AttentionItem } from '../attention.js';
import { oneLine } from '../log/redact.js';
import type { NeedsYou } from './document.js';

const LONGEST = 600;

/** What only a person can put right, as `status` lists it. */
export const needsYou = ({ id, code, message, hint, requestId, title }: AttentionItem): NeedsYou => ({
  ...{ id, code, requestId },
  subject: title,
  message: oneLine(message, LONGEST),
  hint: oneLine(hint, LONGEST),
});
