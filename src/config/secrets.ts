/** What stands in for a secret wherever it would be shown. */
export const MASK = '****';

/** A value copied from a place where it was hidden, or a placeholder never filled in. */
export function isMasked(value: string): boolean {
  if (value.includes('***') || value.includes('•••')) return true;
  return /^(x{3,}|\.{3,}|…+|<.*>|\[?(redacted|masked)\]?|change[-_ ]?me|your[-_ ].*)$/i.test(value);
}

/** What is wrong with this secret, or undefined. Never repeats it. */
export function secretFault(value: string, spaces = false): string | undefined {
  if (value === '') return undefined;
  if (isMasked(value)) return 'it is masked or a placeholder; put the real value here';
  if (/^(["']).*\1$/s.test(value)) return 'drop the quotes around it: they became part of the value';
  // These values travel in HTTP headers, which take nothing else.
  const refused = spaces ? /[^\x20-\x7e]|^ | $/ : /[^\x21-\x7e]/;
  return refused.test(value) ? 'there is a space, line break or non-ASCII character in it' : undefined;
}

/** A text that may be repeated in a message: whatever looks like a key in the wrong place is not. */
export function withoutKeys(text: string): string {
  return text.replace(/[\w+/=-]{20,}/g, (run) => (/\d/.test(run) ? MASK : run));
}
