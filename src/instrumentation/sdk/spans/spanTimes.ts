import type { HrTime, TimeInput } from '@opentelemetry/api';

const NANOSECONDS = 1e9;

/**
 * When a span began and ended, by the SDK's rules: a span that is not told its times begins by the wall clock and ends as much later as the
 * monotonic clock has moved, so that a correction of the wall clock makes no span longer or shorter.
 */
export class SpanTimes {
  readonly #isStartGiven: boolean;
  readonly #startMs = performance.now();
  /** Wall clock minus monotonic clock. */
  readonly #offsetMs: number;
  readonly start: HrTime;
  end: HrTime = [0, 0];
  duration: HrTime = [-1, -1];

  constructor(given: TimeInput | undefined) {
    const nowMs = Date.now();
    this.#offsetMs = nowMs - this.#startMs;
    this.#isStartGiven = given !== undefined;
    this.start = given === undefined ? fromMs(nowMs) : this.at(given);
  }

  /** Returns a time as given, or else now. */
  at(given: TimeInput | undefined): HrTime {
    // What is smaller than the monotonic clock is taken from it.
    if (typeof given === 'number') return fromMs(given <= performance.now() ? given + this.#offsetMs : given);
    if (given instanceof Date) return fromMs(given.getTime());
    if (Array.isArray(given)) return given;
    if (this.#isStartGiven) return fromMs(Date.now());
    const sinceMs = performance.now() - this.#startMs;
    const [seconds, nanoseconds] = this.start;
    return normal(seconds + Math.trunc(sinceMs / 1000), nanoseconds + Math.round((sinceMs % 1000) * 1e6));
  }

  finish(given: TimeInput | undefined): void {
    const end = this.at(given);
    const seconds = end[0] - this.start[0];
    const nanoseconds = end[1] - this.start[1];
    const duration: HrTime = nanoseconds < 0 ? [seconds - 1, nanoseconds + NANOSECONDS] : [seconds, nanoseconds];
    // No span ends before it began.
    const isBackwards = duration[0] < 0;
    this.end = isBackwards ? [this.start[0], this.start[1]] : end;
    this.duration = isBackwards ? [0, 0] : duration;
  }
}

function fromMs(ms: number): HrTime {
  return [Math.trunc(ms / 1000), Math.round((ms % 1000) * 1e6)];
}

function normal(seconds: number, nanoseconds: number): HrTime {
  return nanoseconds >= NANOSECONDS ? [seconds + 1, nanoseconds - NANOSECONDS] : [seconds, nanoseconds];
}
