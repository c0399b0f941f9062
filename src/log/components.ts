/** Parts of the program whose lines can have a level of their own; a line that names none is the tick's. */
export const components = [
  'tick',
  'seerr',
  'torrentio',
  'realDebrid',
  'jellyfin',
  'http',
  'config',
  'notify',
  'links',
] as const;

export type Component = (typeof components)[number];
