import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { type Ground, ground, type Program, start, until } from '../support/program.js';
import { type Browser, inChromium, openBrowser, visit } from './browser.js';

/** The page of the built program, from a request in Seerr to its end, and the program's own. */

const { sintel } = OPEN_TITLES;

inChromium('the page of the built program', () => {
  let here: Ground;
  let browser: Browser;
  let program: Program;
  beforeAll(async () => {
    here = await ground();
    browser = await openBrowser();
    program = start(['run'], { env: here.env });
  });
  afterAll(async () => {
    program.kill('SIGKILL');
    await program.ended;
    await browser.close();
    await here.clear();
  });

  test('shows a request come, being fetched and done, without a reload; then that the program is gone', async () => {
    await until(
      () => program.err.includes('status page at '),
      () => program.err,
    );
    const url = /status page at (\S+),/.exec(program.err)?.[1] ?? '';
    const { page, errors, requests } = await visit(browser, url, { width: 1280 });
    await page.getByRole('heading', { name: 'Done lately' }).waitFor();
    await page.getByText('Every request is fulfilled.').waitFor();

    here.sandbox.world.addRelease({
      ...{ of: sintel.imdbId, name: 'Sintel 2010 1080p BluRay x265-GRP', bytes: 1400 * 1024 ** 2 },
      ...{ cached: false, downloadMs: 600_000 },
    });
    here.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
    await page.getByRole('progressbar', { name: 'Sintel (2010)' }).waitFor();
    const done = page.locator('#done li', { hasText: 'Sintel (2010)' });
    await done.waitFor();
    expect(await done.innerText()).toMatch(
      /1080p bluray, \d+ seeders, 1\.4 GB · Real-Debrid took [\s\S]*The only release on offer/,
    );
    expect([...new Set(requests)].sort()).toEqual([url, `${url}api/overview`]);
    expect(errors).toEqual([]);

    program.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
    await page.getByText('fulfillarr does not answer').waitFor();
    expect(await done.isVisible()).toBe(true);
  });
});
