import type { Clock } from '../clock.js';
import type { Config } from '../config/index.js';
import { isServiceError } from '../domain/errors.js';
import { count } from '../domain/span.js';
import { createLinks, isLinkTrouble, type LinkRoot, type Links } from '../links/index.js';
import type { Library, Services } from '../services/index.js';
import { bad, type Check, good } from './check.js';

/** The folders of the library of links, from here and as Jellyfin has them. Nothing while it is switched off. */
export const linkChecks = async (config: Config, { jellyfin }: Services, clock: Clock): Promise<Check[]> => {
  const links = createLinks(config.library.links, { clock, onTrouble: () => undefined });
  if (links === null) {
    return [];
  }
  const { mount } = config.library.links;
  const checks = [
    await lookAt('links-mount', async () => {
      const { size } = await links.look(false);
      return good('links-mount', `${mount} shows ${count(size, 'torrent')}`);
    }),
  ];
  const libraries = await librariesOf(jellyfin);
  for (const root of links.roots) {
    const code = `links-${root}`;
    checks.push(
      await lookAt(code, async () => {
        await links.check(root);
        return inLibrary(code, links, root, libraries);
      }),
    );
  }
  return checks;
};

const lookAt = async (code: string, work: () => Promise<Check>): Promise<Check> => {
  try {
    return await work();
  } catch (error) {
    if (isLinkTrouble(error)) {
      return bad(code, error.message, error.hint);
    }
    throw error;
  }
};

/** null = Jellyfin cannot be asked, which another check tells. */
const librariesOf = async (jellyfin: Services['jellyfin']): Promise<Library[] | null> => {
  try {
    return await jellyfin.libraries();
  } catch (error) {
    if (isServiceError(error)) {
      return null;
    }
    throw error;
  }
};

const types: Record<LinkRoot, string> = { movies: 'movies', series: 'tvshows' };

const inLibrary = (code: string, links: Links, root: LinkRoot, libraries: readonly Library[] | null): Check => {
  const path = links.jellyfinPath(root, '').replace(/\/$/, '');
  if (libraries === null) {
    return good(code, `${links.path(root, '').replace(/\/$/, '')} can be linked into`);
  }
  const holding = libraries.find(({ paths }) => paths.some((folder) => `${path}/`.startsWith(`${folder}/`)));
  const key = root === 'movies' ? 'jellyfinMovies' : 'jellyfinSeries';
  if (holding === undefined) {
    const remedy = `Add it to a library there; if Jellyfin has the folder at another path, set library.links.${key}.`;
    return bad(code, `no Jellyfin library holds ${path}`, remedy);
  }
  return holding.type === types[root]
    ? good(code, `${path} is in the Jellyfin library ${holding.name}`)
    : bad(
        code,
        `${path} is in the Jellyfin library ${holding.name}, which is not one of ${root}`,
        `Put it into a library whose content type is ${root === 'movies' ? 'Movies' : 'Shows'}.`,
      );
};
