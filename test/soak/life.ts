import type { Outpost } from '../support/outpost.js';

/** The program's life as a process: it ends only when it is told to, and is started again. */
export class Life {
  kills = 0;
  restarts = 0;
  /** It has been told to end, or is to be started again. */
  isAway = true;
  /** How it ended although nobody told it to. */
  endedByItself: string | null = null;
  /** When the present process was started (epoch ms). */
  bornAt = 0;

  constructor(
    readonly post: Outpost,
    readonly at: (time: number, happen: () => void) => void,
  ) {}

  start(): void {
    const { post } = this;
    post.start();
    this.isAway = false;
    this.bornAt = post.clock.now();
    const { program } = post;
    void program.ended.then(({ code }) => {
      if (!this.isAway && post.program === program) {
        this.endedByItself = `the program ended by itself with code ${code}`;
      }
    });
  }

  async kill(pause: number): Promise<undefined> {
    if (!this.isAway) {
      this.isAway = true;
      this.kills += 1;
      await this.post.die();
      this.#startAfter(pause);
    }
  }

  async restart(pause: number): Promise<undefined> {
    if (!this.isAway) {
      this.isAway = true;
      this.restarts += 1;
      await this.post.stop();
      this.#startAfter(pause);
    }
  }

  #startAfter(pause: number): void {
    this.at(this.post.clock.now() + pause, () => this.start());
  }
}
