import { describe, expect, test } from '@jest/globals';
import { nameIsRefused, predictsNameRefusal } from '../../../src/domain/selection/index.js';
import { nameFilter } from './examples.js';

const REFUSED = [
  'Sintel.2010.1080p.WEB-DL.H264-GRP',
  'sintel 2010 webrip 720p',
  'Sintel.2010.BDRip.x265',
  'Sintel.2010.DVDRip',
  'Sintel.2010.HDRip',
  'Sintel.2010.1080p.BluRay.x264-GRP',
  'Pioneer.One.S01E01.HDTV.x264',
  'Pioneer.One.S01E01.HDTV.XviD',
  'Pioneer.One.S01E01.WEB.x264',
  'Pioneer.One.S01E01.1080p.WEB.h264-GRP',
];
const PASSING = [
  'Sintel.2010.1080p.BluRay-x264',
  'Sintel 2010 1080p BluRay x264',
  'Sintel.2010.[BluRay].x264',
  'Sintel.2010.1080p.BluRay.x265-GRP',
  'Sintel.2010.2160p.WEB.HEVC',
  'Sintel.2010.AV1',
  'Sintel.2010.REMUX',
  'Pioneer.One.S01E01.HDTV.h264',
  'Pioneer.One.S01E01.WEB.Line.H264',
  'BluRay.x264.Sintel.2010',
  '',
];

describe('names that Real-Debrid is predicted to refuse', () => {
  test.each(REFUSED)('refused: %s', (name) => expect(nameIsRefused(name, nameFilter)).toBe(true));
  test.each(PASSING)('passes: %s', (name) => expect(nameIsRefused(name, nameFilter)).toBe(false));

  test('the file line counts as much as the torrent line', () => {
    const release = { name: 'Pioneer One S01 1080p', filePath: 'Pioneer.One.S01E01.1080p.WEB-DL.x264-VODO.mkv' };
    expect(predictsNameRefusal(release, nameFilter)).toBe(true);
    expect(predictsNameRefusal({ ...release, filePath: null }, nameFilter)).toBe(false);
    expect(predictsNameRefusal({ ...release, filePath: 'Pioneer.One.S01E01.mkv' }, nameFilter)).toBe(false);
  });

  test('off predicts nothing, skip predicts the same as penalize', () => {
    const release = { name: 'Sintel.2010.WEB-DL', filePath: null };
    expect(predictsNameRefusal(release, { ...nameFilter, mode: 'off' })).toBe(false);
    expect(predictsNameRefusal(release, { ...nameFilter, mode: 'skip' })).toBe(true);
  });

  test('patterns are literal, whatever their case; empty ones match nothing', () => {
    const filter = { contains: ['A.B', ''], dotted: [''] };
    expect(nameIsRefused('x a.b y', filter)).toBe(true);
    expect(nameIsRefused('x axb y', filter)).toBe(false);
    expect(nameIsRefused('x.y', filter)).toBe(false);
    expect(nameIsRefused('x.c.d', { contains: [], dotted: ['C.D'] })).toBe(true);
  });
});
