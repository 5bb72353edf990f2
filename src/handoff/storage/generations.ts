import type { Clock } from '../../time/clock.js';

/** At most one generation per second: while a server stays read-only, every new connection to it would end all others. */
const MIN_AGE_MS = 1000;

const BEFORE_ALL = -1;

/**
 * Tracks which connections of a pool were opened before the latest sign that their target has changed: a server that became
 * a standby, or a table whose cached plans no longer fit. One refusal applies to all connections of that age; found one by
 * one, each would cost another call.
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

  /** The connection of this client is broken: to whoever takes it out it is as if it belonged to the past. */
  end(client: object): void {
    this.born.set(client, BEFORE_ALL);
  }

  /** Clients that were never recorded belong to the first generation. */
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
