import type { RemoteProcess } from './remote.js';
import type { Row } from './rows.js';
import type { StandIns } from './standIns.js';

/** Another release of Node, with a copy of the built program that is compiled for it. */
export interface OtherNode {
  version: string;
  node: string;
  program: string;
}

/** What the measures share. */
export interface Bench {
  standIns: RemoteProcess<StandIns>;
  /** Only what the guard compares, and less of it. */
  quick: boolean;
  /** Where profiles of single measures are put; null = none are made. */
  profiles: string | null;
  others: OtherNode[];
  say(text: string): void;
}

export interface Measure {
  name: string;
  /** Part of the guard. */
  guarded: boolean;
  run(bench: Bench): Promise<Row[]>;
}
