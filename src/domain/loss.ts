/** What a person may delete between two looks: this share, and a few titles of a small library. Never all of it. */
const TOLERATED_LOSS = { share: 0.1, titles: 2 };

/** Whether `now` titles are so much less than `before` that nothing may be concluded from it. */
export const isLoss = (before: number, now: number): boolean =>
  before > 0 && (now === 0 || before - now > Math.max(TOLERATED_LOSS.titles, before * TOLERATED_LOSS.share));
