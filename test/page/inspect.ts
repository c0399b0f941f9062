import type { Page } from 'playwright-core';

/** What a reader may hold against a page, found in the page itself. */

/** Texts whose contrast is below 4.5 : 1 (3 : 1 where large), with the contrast. */
export const faintTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgb = (colour: string): number[] => {
      if (canvas === null) {
        throw new Error('no canvas');
      }
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([r = 0, g = 0, b = 0]: number[]) => {
      const [red = 0, green = 0, blue = 0] = [r, g, b].map((value) => {
        const part = value / 255;
        return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element: Element | null): number[] => {
      for (let one = element; one !== null; one = one.parentElement) {
        const colour = rgb(getComputedStyle(one).backgroundColor);
        if (colour[3] === 255) {
          return colour;
        }
      }
      return [255, 255, 255, 255];
    };
    const faint: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (element === null || text === '' || !element.checkVisibility() || element.closest('script,style') !== null) {
        continue;
      }
      const style = getComputedStyle(element);
      const [a = 0, b = 0] = [luminance(rgb(style.color)), luminance(behind(element))].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < (Number.parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) {
        faint.push(`${ratio.toFixed(2)} ${style.color}: ${text.slice(0, 40)}`);
      }
    }
    return faint;
  });

/** Elements that stick out to the right of the window. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const wide = [...document.body.querySelectorAll('*')].filter(
      (element) => element.checkVisibility() && element.getBoundingClientRect().right > clientWidth + 0.5,
    );
    return [
      ...(scrollWidth > clientWidth ? [`the page scrolls: ${scrollWidth} > ${clientWidth}`] : []),
      ...wide.map((element) => `${element.tagName}.${element.getAttribute('class')}`),
    ];
  });

/** What a screen reader stumbles over; nothing, it is hoped. */
export const obstacles = async (page: Page): Promise<string[]> => [
  ...(await nameless(page)),
  ...(await disorder(page)),
  ...(await missing(page)),
];

const nameless = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const nameOf = (element: Element): string => {
      const by = element.getAttribute('aria-labelledby');
      const label = by === null ? element.getAttribute('aria-label') : document.getElementById(by)?.textContent;
      return (label ?? element.textContent ?? '').trim();
    };
    return [...document.querySelectorAll('a, button, summary, section, [role=img], progress, [tabindex="0"]')]
      .filter((element) => element.checkVisibility() && nameOf(element) === '')
      .map((element) => `no name: ${element.outerHTML.slice(0, 80)}`);
  });

/** Double ids, headings that leave out a level, lists of something else than items. */
const disorder = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName.slice(1)));
    const lists = [...document.querySelectorAll('ul')];
    return [
      ...ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `double id: ${id}`),
      ...levels.filter((level, place) => level > (levels[place - 1] ?? 0) + 1).map((level) => `h${level} out of order`),
      ...lists
        .filter(({ children }) => [...children].some(({ tagName }) => tagName !== 'LI'))
        .map((list) => `not a list: ${list.outerHTML.slice(0, 80)}`),
    ];
  });

/** The landmarks and the page's own name. */
const missing = (page: Page): Promise<string[]> =>
  page.evaluate(() => [
    ...['h1', 'main', 'header', 'footer'].filter((name) => document.querySelectorAll(name).length !== 1),
    ...(document.documentElement.lang === '' || document.title === '' ? ['language or title'] : []),
  ]);
