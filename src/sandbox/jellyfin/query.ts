import type { Item } from './items.js';

/** Query parameters of /Items: names and enum members in any case, lists by comma or repetition, unknown ones ignored. */
export class ItemQuery {
  readonly #values = new Map<string, string[]>();

  constructor(query: URLSearchParams) {
    for (const [name, value] of query) {
      const key = name.toLowerCase();
      this.#values.set(key, [...(this.#values.get(key) ?? []), value]);
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | null {
    return this.#values.get(name)?.[0] ?? null;
  }

  list(name: string): string[] {
    return (this.#values.get(name) ?? []).flatMap((value) => value.split(',')).filter((value) => value !== '');
  }

  set(name: string): Set<string> {
    return new Set(this.list(name).map((value) => value.toLowerCase()));
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.text(name)?.toLowerCase();
    return value === undefined ? fallback : value === 'true';
  }

  number(name: string): number | null {
    const value = this.text(name);
    return value === null || value === '' ? null : Number(value);
  }

  /** The first parameter that model binding refuses, with its value. */
  firstUnbindable(): { name: string; value: string } | null {
    for (const [name, values] of this.#values) {
      const value = values[0] ?? '';
      if (!bindable(name, value)) return { name, value };
    }
    return null;
  }
}

const NUMBERS = new Set(['startindex', 'limit', 'parentindexnumber', 'indexnumber']);
const FLAGS = new Set(['recursive', 'enabletotalrecordcount', 'collapseboxsetitems', 'enableimages', 'enableuserdata']);
const DATES = new Set(['mindatelastsaved', 'mindatelastsavedforuser', 'minpremieredate']);
const GUIDS = new Set(['parentid', 'userid']);

function bindable(name: string, value: string): boolean {
  if (value === '') return true;
  if (NUMBERS.has(name)) return /^-?\d+$/.test(value);
  if (FLAGS.has(name)) return /^(true|false)$/i.test(value);
  if (DATES.has(name)) return !Number.isNaN(Date.parse(value));
  return GUIDS.has(name) ? isGuid(value) : true;
}

export function isGuid(value: string): boolean {
  return /^[0-9a-f]{32}$/i.test(value.replaceAll('-', ''));
}

export function normalGuid(value: string): string {
  return value.replaceAll('-', '').toLowerCase();
}

/** Whether an item passes the filters of the query (parent and box sets aside). */
export function passes(item: Item, query: ItemQuery): boolean {
  const checks = [passesTypes, passesLocation, passesNumbers, passesSaved, passesSearch];
  return checks.every((check) => check(item, query));
}

const KNOWN_TYPES = new Set(['movie', 'series', 'season', 'episode', 'boxset', 'collectionfolder']);

/** Unknown enum members are dropped, so a typo in includeItemTypes gives all types. */
function passesTypes(item: Item, query: ItemQuery): boolean {
  const wanted = [...query.set('includeitemtypes')].filter((type) => KNOWN_TYPES.has(type));
  const unwanted = query.set('excludeitemtypes');
  const type = item.type.toLowerCase();
  return (wanted.length === 0 || wanted.includes(type)) && !unwanted.has(type);
}

function passesLocation(item: Item, query: ItemQuery): boolean {
  const location = item.virtual ? 'virtual' : 'filesystem';
  if (query.set('excludelocationtypes').has(location)) return false;
  const wanted = query.set('locationtypes');
  if (wanted.size > 0 && !wanted.has(location)) return false;
  return query.text('ismissing') === 'false' ? !item.virtual : true;
}

function passesNumbers(item: Item, query: ItemQuery): boolean {
  const season = query.number('parentindexnumber');
  const index = query.number('indexnumber');
  return (season === null || item.parentIndex === season) && (index === null || item.index === index);
}

function passesSaved(item: Item, query: ItemQuery): boolean {
  const since = query.text('mindatelastsavedforuser') ?? query.text('mindatelastsaved');
  return since === null || since === '' || item.dateSaved >= Date.parse(since);
}

function passesSearch(item: Item, query: ItemQuery): boolean {
  const term = query.text('searchterm')?.toLowerCase();
  if (term !== undefined && !item.name.toLowerCase().includes(term)) return false;
  const years = query.list('years').map(Number);
  return years.length === 0 || (item.year !== null && years.includes(item.year));
}

export function sorted(items: Item[], query: ItemQuery): Item[] {
  const keys = query.list('sortby').map((key) => key.toLowerCase());
  const sign = query.text('sortorder')?.toLowerCase().startsWith('desc') ? -1 : 1;
  if (keys.length === 0) return items;
  return [...items].sort((a, b) => {
    for (const key of keys) {
      const difference = compare(sortValue(a, key), sortValue(b, key));
      if (difference !== 0) return sign * difference;
    }
    return 0;
  });
}

function sortValue(item: Item, key: string): number | string {
  if (key === 'datecreated') return item.dateCreated;
  if (key === 'indexnumber') return item.index ?? -1;
  if (key === 'parentindexnumber') return item.parentIndex ?? -1;
  return key === 'sortname' || key === 'name' ? item.name.toLowerCase() : 0;
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
