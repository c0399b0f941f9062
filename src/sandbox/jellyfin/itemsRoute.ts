import { type Answer, type Call, json, text } from '../kit/http.js';
import { blankItem, type Item, LIBRARIES } from './items.js';
import type { Library } from './library.js';
import { ItemQuery, isGuid, normalGuid, passes, sorted } from './query.js';
import { itemDto } from './wire.js';

/** GET /Items as an API key sees it: no user, so no user's view of the library. */
export function itemsAnswer(library: Library, call: Call): Answer {
  const query = new ItemQuery(call.query);
  // 10.10's SQL for the documented parameter names another one, which is not bound.
  if (query.has('mindatelastsaved') && library.settings.version.startsWith('10.10.')) {
    return text(500, 'Error processing request.');
  }
  const wrong = query.firstUnbindable();
  if (wrong !== null) return bindingError(wrong.name, wrong.value);
  const found = query.has('ids') ? byIds(library, query) : byFilters(library, query);
  if (found === null) return text(400, 'Error processing request.');
  return page(sorted(found, query), query);
}

export function bindingError(name: string, value: string): Answer {
  const problem = {
    type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
    title: 'One or more validation errors occurred.',
    status: 400,
    errors: { [name]: [`The value '${value}' is not valid.`] },
    traceId: '00-00000000000000000000000000000000-0000000000000000-00',
  };
  const answer = json(400, problem);
  return { ...answer, headers: { 'content-type': 'application/problem+json; charset=utf-8' } };
}

/** Deleted items are simply missing from the answer. */
function byIds(library: Library, query: ItemQuery): Item[] {
  const ids = query.list('ids').filter(isGuid).map(normalGuid);
  return ids.flatMap((id) => library.items.get(id) ?? []).filter((item) => passes(item, query));
}

function byFilters(library: Library, query: ItemQuery): Item[] | null {
  const parent = query.text('parentid');
  const parentId = parent === null || parent === '' ? null : normalGuid(parent);
  // Without recursion and without a user only the children of the root are returned, filters or not.
  if (!query.flag('recursive', false) && parentId === null) return libraryFolders();
  const within = parentId === null ? [...library.items.values()] : childrenOf(library, parentId);
  if (within === null) return null;
  const found = within.filter((item) => passes(item, query));
  return collapses(query) ? collapsed(library, found) : found;
}

/** null = no such parent. Below a series only real items count. */
function childrenOf(library: Library, parentId: string): Item[] | null {
  const all = [...library.items.values()];
  if (Object.values(LIBRARIES).some((folder) => folder.id === parentId)) {
    return all.filter((item) => item.libraryId === parentId);
  }
  const parent = library.items.get(parentId);
  if (parent === undefined) return null;
  if (parent.type === 'Series') return all.filter((item) => item.seriesId === parentId && !item.virtual);
  if (parent.type === 'Season') return all.filter((item) => item.seasonId === parentId);
  return all.filter((item) => item.boxSetId === parentId);
}

/** Without a user, Movie and Series queries collapse into box sets unless told otherwise. */
function collapses(query: ItemQuery): boolean {
  const types = query.set('includeitemtypes');
  const concerned = types.size === 0 || types.has('movie') || types.has('series');
  return concerned && query.text('parentid') === null && query.flag('collapseboxsetitems', true);
}

function collapsed(library: Library, items: Item[]): Item[] {
  const shown = new Map<string, Item>();
  for (const item of items) {
    const boxSet = item.boxSetId === null ? undefined : library.items.get(item.boxSetId);
    const visible = boxSet ?? item;
    shown.set(visible.id, visible);
  }
  return [...shown.values()];
}

function libraryFolders(): Item[] {
  return Object.values(LIBRARIES).map(({ id, name }) => blankItem('CollectionFolder', id, name, id));
}

function page(items: Item[], query: ItemQuery): Answer {
  const start = query.number('startindex') ?? 0;
  const limit = query.number('limit');
  const shown = items.slice(start, limit === null || limit <= 0 ? undefined : start + limit);
  const fields = query.set('fields');
  return json(200, {
    Items: shown.map((item) => itemDto(item, fields)),
    TotalRecordCount: query.flag('enabletotalrecordcount', true) ? items.length : 0,
    StartIndex: start,
  });
}
