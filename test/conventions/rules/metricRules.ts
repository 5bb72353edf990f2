import type { Attributes } from '@opentelemetry/api';
import { registry } from '../registry/load.js';
import type { RecordedMetric, RecordedPoint } from '../telemetry/recorded.js';
import { meets, wording } from './expectation.js';
import type { Expectation } from './expectation.js';
import { METRIC_EXTENSIONS, resultType } from './extensions.js';
import type { Operation } from './operation.js';
import { expectationsOf, wellTyped } from './requirement.js';
import { show } from './verdict.js';
import type { Verdict } from './verdict.js';

interface Pool {
  readonly point: RecordedPoint;
  left: number;
}

/** The histogram a side writes an operation to: kind follows direction, so a server that asks writes to the client's. */
function operationMetric({ role }: Operation): string {
  return `${role}.operation.duration`;
}

/** Everything the conventions say of the operation histograms of one side. */
export function judgeOperationMetrics(operations: readonly Operation[], metrics: readonly RecordedMetric[]): Verdict[] {
  return ['mcp.client.operation.duration', 'mcp.server.operation.duration'].flatMap((name) => {
    const own = operations.filter((operation) => operationMetric(operation) === name);
    const pools = (metrics.find((metric) => metric.name === name)?.points ?? []).map((point): Pool => ({ point, left: point.count }));
    return [...judgePoints(own, pools, name), ...judgeRest(own, pools, name)];
  });
}

function judgePoints(operations: readonly Operation[], pools: readonly Pool[], metric: string): Verdict[] {
  const expected = new Map(operations.map((operation) => [operation, expectationsFor(operation, metric)]));
  const taken = new Map<Operation, Pool>();
  // First every exact match takes its count, then what is left is compared with its nearest point.
  for (const exact of [true, false]) {
    for (const [operation, expectations] of expected) {
      if (taken.has(operation)) continue;
      const pool = nearest(expectations, pools);
      if (pool === undefined || (exact && misses(expectations, pool.point.attributes) > 0)) continue;
      pool.left--;
      taken.set(operation, pool);
    }
  }
  return [...expected].flatMap(([operation, expectations]) => judgePoint(operation, expectations, taken.get(operation), metric));
}

function judgePoint(
  { exchange, side }: Operation,
  expectations: ReadonlyMap<string, Expectation>,
  pool: Pool | undefined,
  metric: string,
): Verdict[] {
  const say = (subject: string, ok: boolean, said: string): Verdict => ({
    subject,
    signal: 'metric',
    label: exchange.label,
    method: exchange.method,
    side,
    ok,
    said: `${metric}: ${said}`,
  });
  if (pool === undefined) return [say(metric, false, 'expected a measurement, got nothing')];
  const { attributes, sum } = pool.point;
  const verdicts = [...expectations].map(([key, expectation]) => {
    const actual = attributes[key];
    const ok = meets(expectation, actual) && (actual === undefined || METRIC_EXTENSIONS.has(key) || wellTyped(key, actual));
    return say(key, ok, `expected ${wording(expectation)}, got ${show(actual)}`);
  });
  const foreign = Object.keys(attributes).filter((key) => !expectations.has(key));
  verdicts.push(
    say(metric, sum >= 0, 'measured'),
    say('attributes.allowed', foreign.length === 0, `expected no other attributes, got ${foreign.join(', ')}`),
  );
  return verdicts;
}

function expectationsFor(operation: Operation, metric: string): Map<string, Expectation> {
  const fact = registry.metrics[metric];
  const expectations = expectationsOf(fact?.attributes ?? {}, operation, 'metric');
  expectations.set('handoff.mcp.result.type', resultType(operation));
  return expectations;
}

function nearest(expectations: ReadonlyMap<string, Expectation>, pools: readonly Pool[]): Pool | undefined {
  let best: Pool | undefined;
  let fewest = Infinity;
  for (const pool of pools) {
    if (pool.left <= 0) continue;
    const missed = misses(expectations, pool.point.attributes);
    if (missed < fewest) [best, fewest] = [pool, missed];
  }
  return best;
}

/** Attributes that are not as expected; the method weighs most, it tells operations apart. */
function misses(expectations: ReadonlyMap<string, Expectation>, attributes: Attributes): number {
  let count = Object.keys(attributes).filter((key) => !expectations.has(key)).length;
  for (const [key, expectation] of expectations) if (!meets(expectation, attributes[key])) count += key === 'mcp.method.name' ? 5 : 1;
  return count;
}

function judgeRest(operations: readonly Operation[], pools: readonly Pool[], metric: string): Verdict[] {
  const [first] = operations;
  if (first === undefined) return [];
  const surplus = pools.filter(({ left }) => left > 0).map(({ point, left }) => `${left} of ${JSON.stringify(point.attributes)}`);
  return [
    {
      subject: metric,
      signal: 'metric',
      label: 'all',
      method: 'all',
      side: first.side,
      ok: surplus.length === 0,
      said: `expected one measurement per message, got also ${surplus.join('; ')}`,
    },
  ];
}
