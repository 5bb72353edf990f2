import type { Attributes, BatchObservableResult, Meter } from '@opentelemetry/api';
import { databaseMetrics } from '../../../telemetry/catalogue/database.js';
import type { MetricDefinition } from '../../../telemetry/catalogue/definitions.js';
import * as semconv from '../../../telemetry/semconv.js';
import type { KnownPools } from './knownPools.js';
import type { PgPool } from './pgTypes.js';

interface Figures {
  readonly labels: { readonly pool: Attributes; readonly used: Attributes; readonly idle: Attributes };
  used: number;
  idle: number;
  waiting: number;
  limit: number;
}

/**
 * Observes connections, waiting callers and limits of all pools, by name, whenever metrics are collected. They are read from the
 * pools themselves, so nothing is counted and nothing can drift. Pools of one name add up. Returns a function that ends it.
 */
export function observePools(meter: Meter, pools: KnownPools): () => void {
  const make = ({ name, unit, description }: MetricDefinition) => meter.createObservableUpDownCounter(name, { unit, description });
  const counts = make(databaseMetrics.connectionCount);
  const waits = make(databaseMetrics.connectionPendingRequests);
  const limits = make(databaseMetrics.connectionLimit);
  // The SDK repeats the last value of a series indefinitely, so one that is over must be set to 0.
  const byName = new Map<string, Figures>();

  const observe = (result: BatchObservableResult): void => {
    collect(pools, byName);
    for (const { labels, used, idle, waiting, limit: allowed } of byName.values()) {
      result.observe(counts, used, labels.used);
      result.observe(counts, idle, labels.idle);
      result.observe(waits, waiting, labels.pool);
      result.observe(limits, allowed, labels.pool);
    }
  };
  const instruments = [counts, waits, limits];
  meter.addBatchObservableCallback(observe, instruments);
  return () => meter.removeBatchObservableCallback(observe, instruments);
}

function collect(pools: KnownPools, byName: Map<string, Figures>): void {
  for (const figures of byName.values()) Object.assign(figures, { used: 0, idle: 0, waiting: 0, limit: 0 });
  for (const [pool, known] of pools.open()) {
    known.learn(pool);
    const figures = byName.get(known.name) ?? noFigures(known.name);
    byName.set(known.name, figures);
    add(figures, pool);
  }
}

function add(figures: Figures, pool: PgPool): void {
  const idle = number(pool.idleCount);
  figures.idle += idle;
  figures.used += Math.max(number(pool.totalCount) - idle, 0);
  figures.waiting += number(pool.waitingCount);
  figures.limit += number(pool.options?.max);
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function noFigures(name: string): Figures {
  const pool = { [semconv.ATTR_DB_CLIENT_CONNECTION_POOL_NAME]: name };
  const inState = (state: string): Attributes => ({ ...pool, [semconv.ATTR_DB_CLIENT_CONNECTION_STATE]: state });
  return { labels: { pool, used: inState('used'), idle: inState('idle') }, used: 0, idle: 0, waiting: 0, limit: 0 };
}
