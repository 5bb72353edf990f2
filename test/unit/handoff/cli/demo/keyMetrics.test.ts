import { expect, it } from 'vitest';
import { renderKeyMetrics } from '../../../../../src/handoff/cli/demo/keyMetrics.js';
import { histogramPoint } from '../../../testing/records.js';
import { serverA, serverB } from '../render/handoffTrace.js';

const call = (tool: string, more: Parameters<typeof histogramPoint>[0]) =>
  histogramPoint({
    metric: 'mcp.server.operation.duration',
    attributes: { 'gen_ai.tool.name': tool, 'mcp.method.name': 'tools/call', 'network.transport': 'pipe' },
    explicitBounds: [0.01, 0.02, 0.05],
    ...more,
  });

it('adds up the same operation of both processes, in one row with count, p50, p95 and total', () => {
  const points = [
    call('add', { ...serverA, bucketCounts: [1, 0, 0, 0], count: 1, sum: 0.004, min: 0.004, max: 0.004 }),
    call('add', { ...serverB, bucketCounts: [0, 0, 1, 0], count: 1, sum: 0.046, min: 0.046, max: 0.046 }),
    call('list', { ...serverB, bucketCounts: [0, 2, 0, 0], count: 2, sum: 0.03, min: 0.012, max: 0.018 }),
    call('add', { ...serverB, metric: 'some.other.metric' }),
  ];
  const rows = renderKeyMetrics(points, { columns: 80 })
    .split('\n')
    .slice(2)
    .map((row) => row.trimEnd());
  expect(rows[0]).toBe('mcp.server.operation.duration');
  expect(rows.slice(1).map((row) => row.trim().split(/ {2,}/))).toEqual([
    ['tools/call add', '2', expect.any(String), expect.any(String), '50.0 ms'],
    ['tools/call list', '2', '15.0 ms', '17.7 ms', '30.0 ms'],
  ]);
});
