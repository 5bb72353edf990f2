import { isUuid } from '../../../values/uuid.js';
import type { SystemMetrics } from '../types.js';
import type { Interval, Sample } from './recorder.js';
import type { Summary } from './series.js';

/** A row of `performance_logs`. */
export interface PerformanceRow {
  readonly operation: string;
  readonly durationMs: number;
  readonly success: boolean;
  readonly sessionId: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** How long before it was written it happened, by our clock. */
  readonly atMs: number;
}

/** A row of `system_metrics`. */
export interface MetricRow {
  readonly name: string;
  readonly value: number;
  readonly type: 'gauge' | 'counter';
  readonly labels: Readonly<Record<string, string>>;
}

/** What one interval adds to the database. */
export interface Batch {
  /** Written twice, it is there once. */
  readonly id: string;
  readonly endMs: number;
  readonly performance: readonly PerformanceRow[];
  readonly metrics: readonly MetricRow[];
}

export function performanceRows({ startMs, endMs, summaries, samples }: Interval): PerformanceRow[] {
  return [...summaries.map((summary) => summaryRow(summary, endMs, endMs - startMs)), ...samples.map(sampleRow)];
}

function summaryRow({ name, ...summary }: Summary, atMs: number, intervalMs: number): PerformanceRow {
  return {
    operation: name,
    durationMs: summary.sumMs / summary.count,
    success: summary.failures === 0,
    sessionId: null,
    metadata: { kind: 'summary', intervalMs: Math.round(intervalMs), ...summary },
    atMs,
  };
}

function sampleRow({ kind, subject, name, durationMs, errorType, sessionId, traceparent, atMs }: Sample): PerformanceRow {
  return {
    operation: name,
    durationMs,
    success: kind !== 'failed',
    // A host may have named it otherwise, and the column takes nothing else.
    sessionId: isUuid(sessionId) ? sessionId : null,
    metadata: { kind, subject, ...(errorType === undefined ? {} : { errorType }), ...(traceparent === undefined ? {} : { traceparent }) },
    atMs,
  };
}

/** One row for each number that was measured, under a name that ends in its unit. */
export function metricRows({ memory, cpu, database, redis, cache, sessions, disk, eventLoop }: Omit<SystemMetrics, 'ageMs'>): MetricRow[] {
  const gauge = (name: string, value: number | boolean | undefined, labels: MetricRow['labels'] = {}): MetricRow[] =>
    value === undefined ? [] : [{ name, value: Number(value), type: 'gauge', labels }];
  const counter = (name: string, value: number | undefined): MetricRow[] =>
    value === undefined ? [] : [{ name, value, type: 'counter', labels: {} }];
  return [
    ...gauge('memory_used_bytes', memory.used),
    ...gauge('memory_limit_bytes', memory.total),
    ...gauge('cpu_used_percent', cpu.usage),
    ...gauge('database_connections_used', database.activeConnections),
    ...gauge('database_calls_waiting', database.waitingCalls),
    ...counter('database_statements', database.queryCount),
    ...gauge('database_statement_mean_ms', database.avgResponseTime),
    ...gauge('redis_connected', redis.connected),
    ...gauge('redis_memory_used_bytes', redis.memoryUsage),
    ...gauge('redis_keys', redis.keyCount),
    ...gauge('cache_hit_rate_percent', cache.hitRatePercent),
    ...gauge('cache_read_mean_ms', cache.meanReadMs),
    ...gauge('sessions', sessions.active, { state: 'active' }),
    ...gauge('sessions', sessions.dormant, { state: 'dormant' }),
    ...gauge('sessions', sessions.archived, { state: 'archived' }),
    ...gauge('disk_used_percent', disk['usedPercent']),
    ...gauge('disk_free_bytes', disk['freeBytes']),
    ...gauge('event_loop_used_percent', eventLoop['utilizationPercent']),
    ...gauge('event_loop_delay_p99_ms', eventLoop['delayP99Ms']),
    ...gauge('event_loop_delay_max_ms', eventLoop['delayMaxMs']),
  ];
}
