import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { halvesOf } from '../../../../../src/instrumentation/pipeline/otlp/halves.js';

const resource = { attributes: {} };

/** A collection with so many points in each metric of each scope, numbered as they come. */
function collection(...scopes: readonly (readonly number[])[]): ResourceMetrics {
  let next = 0;
  return {
    resource,
    scopeMetrics: scopes.map((metrics, scope) => ({
      scope: { name: `scope ${scope}` },
      metrics: metrics.map((points, metric) => ({
        descriptor: { name: `metric ${metric}` },
        dataPoints: Array.from({ length: points }, () => ({ value: next++ })),
      })),
    })),
  } as unknown as ResourceMetrics;
}

function shape(collected: ResourceMetrics | undefined): unknown {
  return collected?.scopeMetrics.map(({ scope, metrics }) => [
    scope.name,
    ...metrics.map(({ descriptor, dataPoints }) => [descriptor.name, ...dataPoints.map(({ value }) => value)]),
  ]);
}

it('divides the points, and names metrics and scopes only where they have some', () => {
  const halves = halvesOf(collection([3, 2], [1, 0, 4]));
  expect(halves?.map(shape)).toEqual([
    [['scope 0', ['metric 0', 0, 1, 2], ['metric 1', 3, 4]]],
    [['scope 1', ['metric 0', 5], ['metric 2', 6, 7, 8, 9]]],
  ]);
  expect(halves?.map((half) => half.resource)).toEqual([resource, resource]);
});

it('divides a metric whose points are on both sides', () => {
  expect(halvesOf(collection([5]))?.map(shape)).toEqual([[['scope 0', ['metric 0', 0, 1]]], [['scope 0', ['metric 0', 2, 3, 4]]]]);
});

it('does not divide a single point, nor none', () => {
  expect(halvesOf(collection([1], [0]))).toBeUndefined();
  expect(halvesOf(collection())).toBeUndefined();
});
