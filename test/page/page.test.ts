import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { command } from '../support/commands.js';
import { CROWD, crowd } from '../support/crowd.js';
import { liveALittle, livedInWorld } from '../support/livedIn.js';
import { type Served, served } from '../support/served.js';
import { type Browser, dress, inChromium, type Look, openBrowser, type Visit, visit } from './browser.js';
import { faintTexts, obstacles, tooWide } from './inspect.js';

/** The status page in a real browser, against a program that really ran. */

const { sintel, tearsOfSteel } = OPEN_TITLES;
const MINUTE = 60_000;
const MB = 1024 ** 2;
const PHONE: Look = { width: 360 };
const LOOKS: Look[] = [360, 768, 1280].flatMap((width) => [
  { width, theme: 'light' },
  { width, theme: 'dark' },
]);
/** A folder, where somebody wants to look at the page as the tests saw it. */
const SHOTS = process.env.FULFILLARR_SCREENSHOTS;

let browser: Browser;
let home: Served;
let open: Visit[] = [];

const look = async (look: Look = { width: 1280 }): Promise<Visit> => {
  const visited = await visit(browser, home.base, look);
  open.push(visited);
  return visited;
};
const shoot = async (page: Page, name: string, looks: Look[] = LOOKS) => {
  if (SHOTS === undefined || SHOTS === '') {
    return;
  }
  mkdirSync(SHOTS, { recursive: true });
  for (const one of looks) {
    await dress(page, one);
    await page.screenshot({ path: join(SHOTS, `${name}-${one.width}-${one.theme ?? 'light'}.png`), fullPage: true });
  }
};
const expectSound = async ({ page, errors, requests }: Visit) => {
  expect(await obstacles(page)).toEqual([]);
  for (const one of LOOKS) {
    await dress(page, one);
    expect(await faintTexts(page)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
  }
  expect(errors).toEqual([]);
  expect([...new Set(requests)].sort()).toEqual([`${home.base}/`, `${home.base}/api/overview`]);
};
const textOf = (page: Page, selector: string) => page.locator(selector).innerText();

inChromium('the status page', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await Promise.all(open.map(({ page }) => page.close()));
    open = [];
  });

  describe('in a household where much is going on', () => {
    beforeAll(async () => {
      home = await served({ sandbox: { world: livedInWorld() } });
      await liveALittle(home);
    });
    afterAll(() => home.stop());

    test('tells what needs somebody, what is on its way, what waits, what is done and why, and the calls', async () => {
      const { page } = await look();
      expect(await textOf(page, '#headline')).toBe('2 things need you');
      expect(await page.title()).toBe('(2) fulfillarr');
      const region = (name: string) => page.getByRole('region', { name });
      expect(await region('Needs you').innerText()).toMatch(
        /The Imaginary Lighthouse[\s\S]*misidentified[\s\S]*Identify it there/,
      );
      const progress = region('Being fetched').getByRole('progressbar', {
        name: 'Pioneer One (2010), Season 1, E01-E06',
      });
      expect(await progress.getAttribute('value')).toBe('68');
      expect(await region('Waiting').innerText()).toMatch(/Synthetic Sunrise \(2027\)[\s\S]*Not out yet\s*on 12 Mar/);
      const done = await region('Done lately').innerText();
      expect(done).toMatch(/Sintel \(2010\)[\s\S]*1080p bluray, 84 seeders, 1\.4 GB · Real-Debrid had it at once/);
      const calls = region('Calls in 24 hours');
      expect(await calls.innerText()).toMatch(/Torrentio[\s\S]*28 of the 4,000 allowed in 24 hours/);
      expect(await calls.getByRole('img', { name: /^Real-Debrid: \d+ calls in 24 hours\. Most between/ }).count()).toBe(
        1,
      );
      await shoot(page, 'lived-in');
    });

    test('is sound: no errors, no other host, enough contrast, nothing too wide, a name for everything', async () => {
      await expectSound(await look());
    });

    test('what is known already is asked for, and not sent, again', async () => {
      const { page } = await look();
      const statuses: number[] = [];
      page.on('response', (response) => statuses.push(response.status()));
      await page.waitForResponse((response) => response.url().endsWith('/api/overview'));
      expect(statuses).toEqual([304]);
    });

    test('with the keyboard: skip, follow, open; what is open stays open when its row changes', async () => {
      const { page } = await look();
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to what is going on');
      expect(await page.evaluate(() => document.activeElement?.getBoundingClientRect().top)).toBeGreaterThanOrEqual(0);
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
      const reached: string[] = [];
      for (let i = 0; i < 20; i += 1) {
        await page.keyboard.press('Tab');
        reached.push((await page.evaluate(() => document.activeElement?.textContent)) ?? '');
      }
      expect(reached).toContain('Number 2 of 3 acceptable ones; 4 releases on offer');
      expect(reached).toContain('metrics');

      const summary = page.locator('#done summary', { hasText: 'Which ones' });
      await summary.focus();
      await page.keyboard.press('Enter');
      const named = page.getByText('Made-up Tides S02E01 1080p WEB x265-GRP');
      await named.waitFor();
      expect(await summary.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
      // A third episode comes: the row is written anew.
      home.sandbox.world.addRelease({
        ...{ of: 'tt9000302', name: 'Made-up Tides S02E03 1080p WEB x265-GRP', cached: true, bytes: 800 * MB },
      });
      await command(home, ['retry', 'tt9000302:2:3']);
      await home.live(5 * MINUTE);
      await page.getByText('3 releases, an episode each').waitFor();
      expect(await named.isVisible()).toBe(true);
      expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true);
    });

    test('live: a download that comes to its end moves to what is done, without a reload', async () => {
      const { page, errors } = await look();
      await page.evaluate(() => document.documentElement.setAttribute('data-loaded', 'once'));
      expect(await textOf(page, '#fetching')).toContain('Pioneer One');
      await home.live(20 * MINUTE, MINUTE);
      await page.locator('#done li', { hasText: 'Pioneer One' }).waitFor();
      // For a moment it is there too: it is being closed in Seerr.
      await page.locator('#fetching li', { hasText: 'Pioneer One' }).waitFor({ state: 'detached' });
      expect(await page.getAttribute('html', 'data-loaded')).toBe('once');
      expect(errors).toEqual([]);
    });

    test('by the program’s clock: what it calls now is now, whatever the browser’s clock says', async () => {
      const { page } = await look();
      // The program lives in November 2026.
      expect(await textOf(page, '#link')).toMatch(/^Live; last looked (just now|\d+ min ago)$/);
    });

    test('nobody looks: it does not ask; somebody looks again: it asks at once', async () => {
      const page = await browser.context.newPage();
      open.push({ page, errors: [], requests: [] });
      await page.clock.install();
      let asked = 0;
      page.on('request', (request) => {
        asked += request.url().endsWith('/api/overview') ? 1 : 0;
      });
      await page.goto(home.base);
      await page.waitForSelector('#link[data-state="live"]');
      const hide = (hidden: boolean) =>
        page.evaluate((value) => {
          Object.defineProperty(document, 'hidden', { value, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }, hidden);
      await hide(true);
      const before = asked;
      await page.clock.runFor(5 * MINUTE);
      expect(asked).toBe(before);
      await hide(false);
      await page.waitForResponse((response) => response.url().endsWith('/api/overview'));
      expect(asked).toBe(before + 1);
    });

    test('no connection: said large and clear, with the time of what is still shown; then it goes on', async () => {
      const { page } = await look();
      await browser.context.setOffline(true);
      await page.waitForSelector('#link[data-state="lost"]');
      expect(await textOf(page, '#headline')).toBe('fulfillarr does not answer');
      expect(await textOf(page, '#subline')).toMatch(/^What you see is from \d\d:\d\d\./);
      expect(await textOf(page, '#done')).toContain('Sintel (2010)');
      expect(await faintTexts(page)).toEqual([]);
      await shoot(page, 'lost', [PHONE]);
      await browser.context.setOffline(false);
      await page.waitForSelector('#link[data-state="live"]');
      expect(await textOf(page, '#headline')).not.toContain('does not answer');
    });

    test('less motion for who wants less', async () => {
      const { page } = await look({ width: 1280, reducedMotion: true });
      const animations = () =>
        page.evaluate(() => {
          const bar = document.createElement('progress');
          document.body.append(bar);
          return getComputedStyle(bar).animationName;
        });
      expect(await animations()).toBe('none');
      await dress(page, { width: 1280 });
      expect(await animations()).not.toBe('none');
    });
  });

  describe('in other states', () => {
    afterEach(() => home.stop());

    test('nothing is asked for', async () => {
      home = await served();
      await home.tick();
      const visited = await look();
      expect(await textOf(visited.page, '#headline')).toBe('All is well');
      expect(await visited.page.getByRole('region', { name: 'Needs you' }).count()).toBe(0);
      await shoot(visited.page, 'empty');
      await expectSound(visited);
    });

    test('the token is refused, Torrentio throttles, grabs are paused, the loop stands', async () => {
      home = await served();
      home.sandbox.torrentio.faults.fail('*', { status: 429, times: Infinity });
      home.sandbox.seerr.request({ tmdbId: tearsOfSteel.tmdbId, type: 'movie' });
      await home.tick();
      home.sandbox.realDebrid.token = 'a-token-that-was-renewed-0123456789';
      home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
      home.clock.pass(2 * MINUTE);
      await home.tick();
      await command(home, ['pause']);
      const visited = await look();
      const { page } = visited;
      expect(await textOf(page, '#headline')).toBe('1 thing needs you');
      expect(await textOf(page, '#needs-you')).toMatch(
        /Real-Debrid[\s\S]*refuses the token[\s\S]*real-debrid\.com\/apitoken/,
      );
      expect(await page.getByRole('list', { name: 'What holds things up' }).innerText()).toMatch(
        /New grabs are paused; fulfillarr resume goes on\.[\s\S]*Torrentio is left alone: .*; it is asked again in \d+ min\./,
      );
      await shoot(page, 'trouble');
      await expectSound(visited);
      home.probe.status = 503;
      home.probe.body = { status: 'stalled', reason: 'no progress for 5 min, expected within 2 min' };
      await page.getByText('It is stuck: no progress for 5 min').waitFor();
    });

    test('a thousand requests: a page that says how many more there are', async () => {
      home = await served();
      crowd(home.store, home.clock.now());
      const visited = await look();
      const { page } = visited;
      expect(await textOf(page, '#subline')).toContain(`${(CROWD + 1).toLocaleString('en')} open requests`);
      expect(await textOf(page, '#waiting')).toContain('and 971 more titles');
      expect(await textOf(page, '#waiting')).toMatch(
        /Endless Inventions[\s\S]*Season 1, E01-E24[\s\S]*and 42 more parts of it/,
      );
      expect(await textOf(page, '#needs-you')).toContain('and 22 more');
      expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(1_000);
      await shoot(page, 'crowd', [PHONE]);
      await expectSound(visited);
    });

    test.each([
      ['markup', '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script></ul>'],
      ['directions', 'Synthetic \u202eelif\u202c \u2066isolated\u2069 \u200ffilm'],
      ['control characters', 'Synthetic\u0000\u001b[31m\n\r\u2028Film'],
      ['100 kB without a space', `Synthetic${'A'.repeat(100_000)}`],
      ['wide and combined letters', `${'第'.repeat(3_000)} Z${'\u0301'.repeat(5_000)}`],
    ])('a title and releases of %s are text, and no more', async (_what, name) => {
      home = await served();
      home.sandbox.world.addMovie({
        tmdbId: 900_002,
        imdbId: 'tt9900002',
        title: name,
        originalTitle: 'Synthetic Film',
        year: 2020,
        runtime: 15,
      });
      const { hash } = home.sandbox.world.addRelease({
        of: 'tt9900002',
        name: `Synthetic Film 2020 1080p BluRay x265 ${name}`,
        cached: true,
        bytes: 800 * MB,
      });
      home.sandbox.jellyfin.identify(hash, { kind: 'wrong', name, providerIds: { Tmdb: '1' } });
      home.sandbox.seerr.request({ tmdbId: 900_002, type: 'movie' });
      await home.live(2 * 60 * MINUTE, 5 * MINUTE);
      const visited = await look();
      const { page } = visited;
      expect(await textOf(page, '#headline')).toBe('1 thing needs you');
      expect(await page.title()).toBe('(1) fulfillarr');
      expect(await page.locator('main img, main script').count()).toBe(0);
      const shown = await textOf(page, 'main');
      expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(shown.length).toBeLessThan(5_000);
      expect(shown).toContain(
        name.startsWith('<img') ? '<img src=x onerror=' : name.slice(0, 9).replace(/\P{L}.*/u, ''),
      );
      await shoot(page, `hostile-${_what.replaceAll(/\W/g, '')}`, [PHONE]);
      await expectSound(visited);
    });
  });
});
