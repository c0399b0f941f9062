import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** Debian's; nothing is downloaded. */
const CHROMIUM = '/usr/bin/chromium';

/** `describe` where there is a browser; else the tests are skipped, and it is said so that nobody overlooks it. */
export const inChromium = existsSync(CHROMIUM) ? describe : describe.skip;

if (!existsSync(CHROMIUM)) {
  const install = 'apt-get update && apt-get install -y chromium';
  process.stderr.write(`\n*** NOT TESTED: the status page, as there is no ${CHROMIUM} here. ${install} ***\n\n`);
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Look {
  width: number;
  height?: number;
  theme?: 'light' | 'dark';
  reducedMotion?: boolean;
}

export interface Browser {
  context: BrowserContext;
  close(): Promise<void>;
}

/** A headless Chromium with a profile of its own. */
export const openBrowser = async (): Promise<Browser> => {
  const profile = mkdtempSync(join(tmpdir(), 'fulfillarr-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: FLAGS,
    timezoneId: 'UTC',
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
};

/** A page, and all that went wrong in it or left it. */
export interface Visit {
  page: Page;
  /** Console errors and uncaught ones, violations of the policy among them. */
  errors: string[];
  /** Every address that was asked for. */
  requests: string[];
}

export const visit = async ({ context }: Browser, url: string, look: Look): Promise<Visit> => {
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      errors.push(message.text());
    }
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await dress(page, look);
  await page.goto(url);
  await page.waitForSelector('#link[data-state="live"]');
  return { page, errors, requests };
};

export const dress = async (page: Page, { width, height = 800, theme = 'light', reducedMotion = false }: Look) => {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: reducedMotion ? 'reduce' : 'no-preference' });
};
