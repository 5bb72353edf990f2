import { expect } from 'vitest';
import type { OtlpReceiver } from '../../../src/testing/receiverTypes.js';
import type { SpanRecord } from '../../../src/testing/records.js';
import { databaseUrl } from '../../setup/services.js';
import type { Outcome } from './run.js';

const SEVERITY = { 'a line': 'info', 'a line of a child': 'warn' } as const;

/** What every program must come to: each query, command and line once, in the right span, and measured; no trace of it on stdout. */
export function expectCovered(receiver: OtlpReceiver, outcome: Outcome): void {
  const { stderr } = outcome;
  const parent = expectOnce(receiver, outcome);
  const database = new URL(databaseUrl()).pathname.slice(1);
  const others = receiver.spans().filter((span) => span !== parent);
  expect(others.map(({ name }) => name).toSorted(), stderr).toEqual(
    ['DEL', 'GET', `SELECT ${database}`, `SELECT ${database}`, 'SET'].toSorted(),
  );

  expect(counted(receiver, 'postgresql', 'SELECT')).toBe(2);
  for (const command of ['SET', 'GET', 'DEL']) expect([command, counted(receiver, 'redis', command)]).toEqual([command, 1]);
  expect(receiver.metricPoints().map(({ metric }) => metric)).toEqual(
    expect.arrayContaining(['db.client.connection.count', 'db.client.connection.pending_requests']),
  );
  const severities = receiver.logRecords().map(({ severityText }) => severityText);
  expect(severities).toEqual(Object.values(SEVERITY));
}

/** The part of it that holds whoever makes the spans and records: nothing is there twice, and nothing in the wrong place. */
export function expectOnce(receiver: OtlpReceiver, { code, stdout, stderr }: Outcome): SpanRecord | undefined {
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' });
  const parent = receiver.spans().find(({ name }) => name === 'parent');
  // Other instrumentations also have spans of connecting, which name no operation.
  const others = receiver
    .spans()
    .filter(({ parentSpanId, attributes }) => parentSpanId === parent?.spanId && attributes['db.operation.name'] !== undefined);
  const operations = others.map(({ attributes }) => JSON.stringify(attributes['db.operation.name']).slice(1, -1).toUpperCase());
  expect(operations.toSorted(), stderr).toEqual(['DEL', 'GET', 'SELECT', 'SELECT', 'SET']);
  for (const span of others) expect([span.name, span.kind]).toEqual([span.name, 'CLIENT']);
  expectLines(receiver, stderr, parent);
  return parent;
}

function expectLines(receiver: OtlpReceiver, stderr: string, parent: SpanRecord | undefined): void {
  const ids = { trace_id: parent?.traceId, span_id: parent?.spanId, trace_flags: '01' };
  const lines = stderr.split('\n').filter((line) => line.startsWith('{"level"'));
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { msg: 'a line', ...ids },
    { msg: 'a line of a child', part: 'child', ...ids },
  ]);
  for (const line of lines) expect(line.split('"trace_id"'), line).toHaveLength(2);
  const records = receiver.logRecords().map(({ body, traceId, spanId }) => ({ body, traceId, spanId }));
  const where = { traceId: parent?.traceId, spanId: parent?.spanId };
  expect(records).toEqual(Object.keys(SEVERITY).map((body) => ({ body, ...where })));
}

/** Name to ways of its copies, as the program's own `status()` says. */
export function coverageIn({ stderr }: Outcome): Record<string, string[]> {
  const { libraries } = JSON.parse(/^STATUS(.*)$/m.exec(stderr)?.[1] ?? '{"libraries":[]}') as {
    libraries: { name: string; copies: { coverage: string; foundBy: string }[] }[];
  };
  return Object.fromEntries(libraries.map(({ name, copies }) => [name, copies.map(({ coverage, foundBy }) => `${coverage}, ${foundBy}`)]));
}

/** Points of the last export of each series. */
function counted(receiver: OtlpReceiver, system: string, operation: string): number {
  const points = receiver
    .metricPoints()
    .filter(
      ({ metric, attributes }) =>
        metric === 'db.client.operation.duration' &&
        attributes['db.system.name'] === system &&
        attributes['db.operation.name'] === operation,
    );
  const latest = new Map<string, number>();
  for (const point of points)
    if ('count' in point) latest.set(JSON.stringify([point.attributes, point.resource.attributes['process.pid']]), Number(point.count));
  return [...latest.values()].reduce((sum, count) => sum + count, 0);
}
