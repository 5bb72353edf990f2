import { describe, expect, it } from 'vitest';
import { promName, promUnit } from '../../../src/telemetry/promName.js';
import type { PromKind } from '../../../src/telemetry/promName.js';

/** Each row as Prometheus' OTLP endpoint and the collector's remote write name it. */
const NAMES: readonly (readonly [name: string, unit: string, kind: PromKind, expected: string])[] = [
  ['mcp.server.operation.duration', 's', 'histogram', 'mcp_server_operation_duration_seconds'],
  ['handoff.context.size', 'By', 'histogram', 'handoff_context_size_bytes'],
  ['handoff.cache.operations', '{operation}', 'counter', 'handoff_cache_operations_total'],
  ['handoff.mcp.server.active_requests', '{request}', 'upDownCounter', 'handoff_mcp_server_active_requests'],
  ['nodejs.eventloop.utilization', '1', 'gauge', 'nodejs_eventloop_utilization_ratio'],
  ['nodejs.eventloop.time', 's', 'counter', 'nodejs_eventloop_time_seconds_total'],
  ['v8js.memory.heap.used', 'By', 'upDownCounter', 'v8js_memory_heap_used_bytes'],
  ['process.cpu.utilization', '1', 'upDownCounter', 'process_cpu_utilization'],
  ['disk.usage', '%', 'gauge', 'disk_usage_percent'],
  ['network.rate', 'By/s', 'gauge', 'network_rate_bytes_per_second'],
  ['requests.rate', '{request}/s', 'gauge', 'requests_rate_per_second'],
  ['wait.seconds', 's', 'histogram', 'wait_seconds'],
  ['requests.total', '', 'counter', 'requests_total'],
  ['total.requests', '', 'counter', 'requests_total'],
  ['ratio.of.hits', '1', 'gauge', 'of_hits_ratio'],
  ['queue..length--now', '', 'gauge', 'queue_length_now'],
  ['2xx.responses', '{response}', 'counter', '_2xx_responses_total'],
  ['odd.unit', 'furlong', 'gauge', 'odd_unit_furlong'],
  ['speed', 'km/h', 'gauge', 'speed_km_per_hour'],
  ['latency', 'ms', 'histogram', 'latency_milliseconds'],
  ['rate.per.second', 'By/s', 'gauge', 'rate_per_second_bytes_per_second'],
  ['jobs.per_second', '1/s', 'counter', 'jobs_per_second_per_second_total'],
  ['odd', '_x_', 'gauge', 'odd_x_'],
  ['odd', '_x_/s', 'counter', 'odd_x_per_second_total'],
  ['speed', 'm/', 'gauge', 'speed_meters'],
  ['acceleration', 'm/s2', 'gauge', 'acceleration_meters_per_s2'],
  ['temperature', '°C', 'gauge', 'temperature_C'],
  ['path', 'a/b/c', 'gauge', 'path_a_per_b_c'],
];

describe('promName', () => {
  it.each(NAMES)('%s in %s as %s is %s', (name, unit, kind, expected) => {
    expect(promName(name, unit, kind)).toBe(expected);
  });
});

describe('promUnit', () => {
  it.each([
    ['s', 'seconds'],
    ['By', 'bytes'],
    ['1', ''],
    ['{request}', ''],
    ['By/s', 'bytes_per_second'],
    ['{request}/s', 'per_second'],
    ['s//', 'seconds_per'],
    ['_x_', 'x'],
    ['', ''],
  ])('%s is "%s"', (unit, expected) => {
    expect(promUnit(unit)).toBe(expected);
  });
});
