import type { Clock } from '../../time/clock.js';

/** At most one generation a second: while a server stays read-only, every new connection to it would end all others. */
const MIN_AGE_MS = 1000;

/**
 * Tells which connections of a pool were made before the latest sign that what they lead to has changed: a server that
 * became a standby, a table whose cached plans no longer fit. One refusal says it of all that are as old; met one by one,
 * each would cost another call.
 */
export class Generations {
  private readonly born = new WeakMap<object, number>();
  private readonly clock: Clock;
  private current = 0;
  private begunMs = -Infinity;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  note(client: object): void {
    this.born.set(client, this.current);
  }

  /** Clients that were never noted are of the first generation. */
  isPast(client: object): boolean {
    return (this.born.get(client) ?? 0) < this.current;
  }

  begin(): void {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.begunMs < MIN_AGE_MS) return;
    this.begunMs = nowMs;
    this.current += 1;
  }
}
