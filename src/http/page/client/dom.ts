/** Elements from plain data. Text only ever becomes text: there is no markup in here, and the policy of the page forbids it. */

type Child = Node | string | null;
type Attributes = Record<string, string | number | null>;

const fill = <E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
};

/** An element; an attribute of null is left out, and so is a child. */
export const el = (tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement =>
  fill(document.createElement(tag), attributes, children);

export const svg = (tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement =>
  fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

/** A sentence; what stands between backticks is set as code. */
export const prose = (text: string): Node[] =>
  text.split('`').map((part, place) => (place % 2 === 1 ? el('code', {}, part) : document.createTextNode(part)));

/** The same for our own advice: an address in it can be followed. */
export const linked = (text: string): Node[] =>
  text
    .split(/(https?:\/\/[^\s"'<>]+?(?=[.,;:]?(?:\s|$)))/)
    .flatMap((part, place) =>
      place % 2 === 1 ? [el('a', { href: part, rel: 'noreferrer noopener' }, part)] : prose(part),
    );

export const byId = (id: string): HTMLElement => {
  const element = document.getElementById(id);
  if (element === null) {
    throw new Error(`#${id} is not in the page`);
  }
  return element;
};

export const within = (parent: ParentNode, selector: string): HTMLElement => {
  const element = parent.querySelector<HTMLElement>(selector);
  if (element === null) {
    throw new Error(`${selector} is not in the page`);
  }
  return element;
};

/** Sets a text only if it is another one, so that nothing is announced twice. */
export const say = (element: Element, text: string): void => {
  if (element.textContent !== text) {
    element.textContent = text;
  }
};

const written = new WeakMap<Element, string>();

/** Makes the list show these, touching only what has changed: what is open or in focus stays so. */
export const list = <T extends { id: string }>(
  parent: HTMLElement,
  items: readonly T[],
  make: (item: T) => HTMLElement,
): void => {
  const old = new Map([...parent.children].map((child) => [(child as HTMLElement).dataset.id, child as HTMLElement]));
  const focused = rowOf(parent, document.activeElement);
  for (const [place, item] of items.entries()) {
    const text = JSON.stringify(item);
    const before = old.get(item.id);
    old.delete(item.id);
    const kept = before !== undefined && written.get(before) === text ? before : replaced(before, make(item));
    kept.dataset.id = item.id;
    written.set(kept, text);
    if (parent.children[place] !== kept) {
      parent.insertBefore(kept, parent.children[place] ?? null);
    }
    // An element that is replaced or moved loses the focus.
    if (item.id === focused && !kept.contains(document.activeElement)) {
      kept.querySelector<HTMLElement>('summary, a')?.focus({ preventScroll: true });
    }
  }
  for (const gone of old.values()) {
    gone.remove();
  }
};

/** The id of the item that an element is in. */
const rowOf = (parent: HTMLElement, element: Element | null): string | undefined =>
  [...parent.children].find((child): child is HTMLElement => child.contains(element))?.dataset.id;

const replaced = (before: HTMLElement | undefined, after: HTMLElement): HTMLElement => {
  const details = before?.querySelector('details') ?? null;
  before?.replaceWith(after);
  const now = after.querySelector('details');
  if (details !== null && now !== null) {
    now.open = details.open;
  }
  return after;
};
