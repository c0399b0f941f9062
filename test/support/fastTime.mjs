/**
 * Loaded into the built program before it (`node --import`): its time is the harness's. Clocks and timers run `pace`
 * times as fast as real ones while the program works, and where it only waits for a timer, the harness is told and may
 * skip the wait. The program itself is unmodified and knows nothing of it. Sockets' timeouts are scaled alike; SQLite's
 * busy timeout is not.
 *
 * The harness sends `{ at, since, pace, slept, skew, until }`: it is (or was) `at` (epoch ms) when the system's monotonic
 * clock showed `since` (ms). `slept` is what clocks that stop in a suspend have missed, `skew` how wrong the wall clock
 * is. Up to `until` nothing happens in the world that is not of the program's own doing: so far it skips its waits by
 * itself, and tells the harness what time it is as soon as it calls anybody.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';

const LONGEST = 2 ** 31 - 1;
/** Nothing has begun for so long (real ms): the program waits. */
const QUIET = 1;
/** What is still going on elsewhere, of the kinds of work that end by themselves. */
const WORK = /Req|Zlib|Process|Write/;

const real = { Date, setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate };
const monotonic = () => Number(process.hrtime.bigint()) / 1e6;

let segment = JSON.parse(process.env.FAST_TIME ?? '{}');
const world = () => segment.at + (monotonic() - segment.since) * segment.pace;
/** The time of clocks that stop in a suspend: timers go by it. */
const awake = () => world() - segment.slept;
const wall = () => Math.floor(world() + segment.skew);

const born = awake();
performance.now = () => awake() - born;

function FastDate(...args) {
  if (new.target === undefined) {
    return new real.Date(wall()).toString();
  }
  return Reflect.construct(real.Date, args.length === 0 ? [wall()] : args, new.target);
}
Object.setPrototypeOf(FastDate, real.Date);
FastDate.prototype = real.Date.prototype;
FastDate.prototype.constructor = FastDate;
FastDate.now = wall;
globalThis.Date = FastDate;

/** By due time, then by age. */
const waiting = [];
let counter = 0;
let pumpTimer;
let pumpTurn;
let keptAlive;

const insert = (timer) => {
  const place = waiting.findIndex((other) => other.due > timer.due);
  waiting.splice(place < 0 ? waiting.length : place, 0, timer);
};
const remove = (timer) => {
  const place = waiting.indexOf(timer);
  if (place >= 0) {
    waiting.splice(place, 1);
  }
};

class FastTimer {
  constructor(callback, ms, args, repeats) {
    this.callback = callback;
    this.length = ms >= 1 && ms <= LONGEST ? Math.trunc(ms) : 1;
    this.args = args;
    this.repeats = repeats;
    this.referenced = true;
    this.run = AsyncLocalStorage.snapshot();
    counter += 1;
    this.id = counter;
    this.refresh();
  }
  refresh() {
    remove(this);
    this.due = awake() + this.length;
    insert(this);
    changed();
    return this;
  }
  ref() {
    this.referenced = true;
    changed();
    return this;
  }
  unref() {
    this.referenced = false;
    changed();
    return this;
  }
  hasRef() {
    return this.referenced;
  }
  close() {
    stop(this);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.id;
  }
}

const stop = (timer) => {
  const found = timer instanceof FastTimer ? timer : waiting.find(({ id }) => id === Number(timer));
  if (found !== undefined) {
    found.repeats = false;
    remove(found);
    changed();
  }
};

/** One timer per turn of the real loop, so that what its callback has resolved is done before the next. */
const pump = () => {
  pumpTimer = undefined;
  pumpTurn = undefined;
  const [first] = waiting;
  if (first !== undefined && first.due <= awake()) {
    remove(first);
    if (first.repeats) {
      first.refresh();
    }
    changed();
    first.run(first.callback, ...first.args);
    return;
  }
  arm();
};

const arm = () => {
  real.clearTimeout(pumpTimer);
  real.clearImmediate(pumpTurn);
  const [first] = waiting;
  if (first === undefined) {
    return;
  }
  const wait = (first.due - awake()) / segment.pace;
  if (wait <= 0) {
    pumpTurn = real.setImmediate(pump);
  } else {
    pumpTimer = real.setTimeout(pump, Math.min(wait, LONGEST)).unref();
  }
};

const keepAlive = () => {
  const needed = waiting.some(({ referenced }) => referenced);
  if (needed && keptAlive === undefined) {
    keptAlive = real.setInterval(() => undefined, LONGEST);
  } else if (!needed && keptAlive !== undefined) {
    real.clearInterval(keptAlive);
    keptAlive = undefined;
  }
};

/** Calls to the services that have not ended. */
let calls = 0;
let quietTimer;
let quietTurn;
/** The harness does not know how far this clock has gone. */
let isAhead = false;

const tell = (message) => {
  if (process.connected) {
    process.send({ ...message, at: segment.at, since: segment.since });
    isAhead = false;
  }
};

/** Something has begun or ended: perhaps all there is left to do now is to wait. */
const changed = () => {
  arm();
  keepAlive();
  real.clearTimeout(quietTimer);
  real.clearImmediate(quietTurn);
  quietTimer = real.setTimeout(skipOrTell, QUIET).unref();
  if (isAhead) {
    // Waking up to wait on is all that it mostly does: then the next wait follows at once.
    quietTurn = real.setImmediate(() => real.setImmediate(skipAgain));
  }
};

const skipAgain = () => {
  if (isAhead && !process.getActiveResourcesInfo().some((kind) => WORK.test(kind))) {
    skipOrTell();
  }
};

const skipOrTell = () => {
  const [first] = waiting;
  if (calls > 0 || first === undefined || !process.connected) {
    return;
  }
  const next = first.due + segment.slept;
  if (next > segment.until) {
    tell({ idleUntil: next });
  } else if (next > world()) {
    segment = { ...segment, at: next, since: monotonic() };
    isAhead = true;
    changed();
  }
};

/** Before anything of it is on its way: whoever is called is to know what time it is. */
const counted =
  (request) =>
  (...args) => {
    if (isAhead) {
      tell({});
    }
    const made = request(...args);
    calls += 1;
    made.once('close', () => {
      calls -= 1;
      changed();
    });
    return made;
  };
http.request = counted(http.request);
https.request = counted(https.request);

const setFast = (callback, ms, ...args) => new FastTimer(callback, ms, args, false);
const repeatFast = (callback, ms, ...args) => new FastTimer(callback, ms, args, true);
const wait = (ms, value, { signal, ref = true } = {}) =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = () => {
      stop(timer);
      reject(signal.reason);
    };
    const timer = setFast(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    }, ms);
    if (!ref) {
      timer.unref();
    }
    signal?.addEventListener('abort', onAbort, { once: true });
  });
Object.defineProperty(setFast, promisify.custom, { value: wait });
const replaced = { setTimeout: setFast, setInterval: repeatFast, clearTimeout: stop, clearInterval: stop };
Object.assign(globalThis, replaced);
Object.assign(timers, replaced);
timersPromises.setTimeout = wait;

const setSocketTimeout = net.Socket.prototype.setTimeout;
net.Socket.prototype.setTimeout = function setTimeout(ms, callback) {
  return setSocketTimeout.call(this, ms > 0 ? Math.max(1, ms / segment.pace) : ms, callback);
};
syncBuiltinESMExports();

if (process.connected) {
  process.on('message', (message) => {
    // It may have been sent before the harness knew how far this clock has gone.
    const isOld = isAhead && message.at + (monotonic() - message.since) * message.pace < world();
    segment = isOld ? { ...message, at: segment.at, since: segment.since } : message;
    isAhead = isOld;
    changed();
  });
  // Without its harness nobody would end it.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel.unref();
}
