import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { table } from '../../src/cli/table.js';
import { pad, shorten, widthOf, wrap } from '../../src/cli/text.js';

describe('what a terminal shows', () => {
  test.each([
    ['plain', 5],
    ['é', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['1\ufe0f\u20e3', 2],
    ['👨', 2],
  ])('%s is %d wide', (text, width) => expect(widthOf(text)).toBe(width));

  test.each([
    ['short', 5, 'short'],
    ['too long', 5, 'too …'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['👍👍👍', 3, '👍…'],
    ['a\nb\u202ec\u001b[31m', 10, 'a b c [31m'],
    ['x', 0, ''],
  ])('%j cut to %d', (text, width, cut) => expect(shorten(text, width)).toBe(cut));

  test('no text is wider than it may be, none is torn', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 80 }), (line, width) => {
        const cut = shorten(line, width);
        expect(widthOf(cut)).toBeLessThanOrEqual(width);
        expect(cut).not.toMatch(/\p{Cs}/u);
      }),
    );
  });

  test('padding counts what is shown', () => {
    expect(pad('日本', 6)).toBe('日本  ');
    expect(pad('12', 4, true)).toBe('  12');
  });

  test('words stay whole where they can', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('a-very-long-word next', 8)).toEqual(['a-very-…', 'next']);
    expect(wrap('  kept as it is', 20)).toEqual(['  kept as it is']);
  });

  test('a table fits, with whatever is in it', () => {
    const rows = [
      ['1', '日本語の長い名前がここにある', '12'],
      ['22', '👍'.repeat(50), '3'],
    ];
    const drawn = table([{ head: '#' }, { head: 'name', stretch: true }, { head: 'n', right: true }], rows, 24);
    expect(
      drawn
        .split('\n')
        .map(widthOf)
        .every((width) => width <= 24),
    ).toBe(true);
    expect(drawn).toContain('  12');
  });
});
