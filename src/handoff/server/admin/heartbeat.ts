/** How often the main thread gives a sign of life, and how often it is looked for. In milliseconds. */
const BEAT_MS = 200;

export interface Heartbeat {
  /** For the thread that watches. */
  readonly memory: SharedArrayBuffer;
  stop(): void;
}

/** Counts up in shared memory for as long as this thread gets to it. Does not keep the process alive. */
export function startHeartbeat(): Heartbeat {
  const memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const beats = new Int32Array(memory);
  const timer = setInterval(() => Atomics.add(beats, 0, 1), BEAT_MS).unref();
  return { memory, stop: () => clearInterval(timer) };
}

/**
 * Measures for how long another thread has been silent. Only time in which this thread runs itself is counted: after the whole process was
 * stopped, or the machine slept, nobody is blamed.
 */
export class HeartbeatWatch {
  readonly #beats: Int32Array;
  readonly #nowMs: () => number;
  #lastBeat: number;
  #lookedMs: number;
  #silentMs = 0;

  constructor(memory: SharedArrayBuffer, nowMs: () => number) {
    this.#beats = new Int32Array(memory);
    this.#nowMs = nowMs;
    this.#lastBeat = Atomics.load(this.#beats, 0);
    this.#lookedMs = nowMs();
  }

  /** Looks from now on, until the result is called. */
  start(): () => void {
    const timer = setInterval(() => this.silentMs(), BEAT_MS);
    return () => clearInterval(timer);
  }

  /** 0 while signs of life come as often as they should. */
  silentMs(): number {
    const beat = Atomics.load(this.#beats, 0);
    const nowMs = this.#nowMs();
    const elapsedMs = Math.min(nowMs - this.#lookedMs, 2 * BEAT_MS);
    this.#lookedMs = nowMs;
    this.#silentMs = beat === this.#lastBeat ? this.#silentMs + elapsedMs : 0;
    this.#lastBeat = beat;
    return this.#silentMs > BEAT_MS ? this.#silentMs : 0;
  }
}
