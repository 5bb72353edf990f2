import type { Meter } from '@opentelemetry/api';
import { createExactHistogram, createInstrument } from '../../../telemetry/instruments.js';
import type { RecordPoint } from '../../../telemetry/instruments.js';
import { databaseMetrics } from '../../../telemetry/catalogue/database.js';
import * as semconv from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import type { KnownPool, KnownPools } from './knownPools.js';
import { TIMEOUT, pgErrorType } from './pgErrorType.js';
import { isRecord } from '../../../values/guards.js';
import type { PgPool } from './pgTypes.js';

/** Instruments and clocks of pools: how long callers wait, how long they keep a client, how long connecting takes. */
export class PoolTimes {
  readonly #clock: Clock;
  readonly #pools: KnownPools;
  readonly #connecting = new WeakMap<object, number>();
  readonly #inUse = new WeakMap<object, number>();
  readonly #listening = new WeakMap<PgPool, () => void>();
  readonly #wait: RecordPoint;
  readonly #use: RecordPoint;
  readonly #create: RecordPoint;
  readonly #timeouts: RecordPoint;

  constructor(meter: Meter, clock: Clock, pools: KnownPools) {
    this.#clock = clock;
    this.#pools = pools;
    this.#wait = createExactHistogram(meter, databaseMetrics.connectionWaitTime);
    this.#use = createExactHistogram(meter, databaseMetrics.connectionUseTime);
    this.#create = createExactHistogram(meter, databaseMetrics.connectionCreateTime);
    this.#timeouts = createInstrument(meter, databaseMetrics.connectionTimeouts);
  }

  nowMs(): number {
    return this.#clock.monotonicMs();
  }

  /** A pool was asked for a client. */
  asked(pool: PgPool): KnownPool {
    return this.#pools.get(pool) ?? this.#meet(pool);
  }

  /** A client starts to connect. */
  connecting(client: object): void {
    this.#connecting.set(client, this.nowMs());
  }

  handedOut(known: KnownPool, client: unknown, startMs: number): void {
    const nowMs = this.nowMs();
    this.#wait((nowMs - startMs) / 1000, known.labels);
    if (isRecord(client)) this.#inUse.set(client, nowMs);
  }

  refused(known: KnownPool, error: unknown, startMs: number): void {
    const type = pgErrorType(error);
    this.#wait(this.#secondsSince(startMs), { ...known.labels, [semconv.ATTR_ERROR_TYPE]: type });
    if (type === TIMEOUT) this.#timeouts(1, known.labels);
  }

  /** Removes our listeners from all pools. */
  stop(): void {
    for (const [pool] of this.#pools.all()) this.#listening.get(pool)?.();
  }

  #meet(pool: PgPool): KnownPool {
    const known = this.#pools.add(pool);
    const created = (client: unknown): void => this.#measure(this.#create, this.#connecting, client, known);
    const released = (_error: unknown, client: unknown): void => this.#measure(this.#use, this.#inUse, client, known);
    pool.on('connect', created);
    pool.on('release', released);
    this.#listening.set(pool, () => {
      pool.removeListener('connect', created);
      pool.removeListener('release', released);
    });
    return known;
  }

  #measure(record: RecordPoint, since: WeakMap<object, number>, client: unknown, known: KnownPool): void {
    const startMs = isRecord(client) ? since.get(client) : undefined;
    if (!isRecord(client) || startMs === undefined) return;
    since.delete(client);
    record(this.#secondsSince(startMs), known.labels);
  }

  #secondsSince(startMs: number): number {
    return (this.nowMs() - startMs) / 1000;
  }
}
