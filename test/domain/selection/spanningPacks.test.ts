import { describe, expect, test } from '@jest/globals';
import { spanningPacks } from '../../../src/domain/selection/index.js';
import { hash, release } from './examples.js';

const of = (infoHash: string, fileIndex: number | null) => release('Pioneer One S01', { infoHash, fileIndex });
const [A, B, C, D] = [hash(1), hash(2), hash(3), hash(4)];

describe('packs that hold the first and the last wanted episode', () => {
  test('are in both answers with a different file', () => {
    const first = [of(A, 0), of(B, 0), of(C, null), of(D, 2)];
    const last = [of(A, 5), of(B, 0), of(C, 5), of(hash(5), 5)];
    expect([...spanningPacks(first, last)]).toEqual([A]);
  });

  test('may name several files', () => {
    expect([...spanningPacks([of(A, 0), of(A, 1)], [of(A, 1), of(A, 6)])]).toEqual([A]);
    expect([...spanningPacks([of(A, 0), of(A, 1)], [of(A, 1), of(A, 0)])]).toEqual([]);
  });

  test('none in empty answers', () => {
    expect([...spanningPacks([], [of(A, 1)])]).toEqual([]);
    expect([...spanningPacks([of(A, 1)], [])]).toEqual([]);
  });
});
