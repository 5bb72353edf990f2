import { propagation } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Connection } from '../../../src/mcp/connection.js';
import { TargetNames } from '../../../src/mcp/targetNames.js';
import { systemClock } from '../../../src/time/clock.js';
import { TelemetryHarness } from './telemetryHarness.js';

let telemetry: TelemetryHarness;
let points: Record<string, unknown>[];
let connection: Connection;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  points = [];
  const noop = (): undefined => undefined;
  connection = new Connection(
    { tracer: telemetry.tracer, propagation, clock: systemClock, recordDuration: (_value, attributes) => points.push(attributes) },
    {
      protocol: { connect: noop, setRequestHandler: noop },
      transport: { start: noop, send: noop },
      names: new TargetNames({}, { tool: new Set(), prompt: new Set() }),
      network: {},
    },
  );
});
afterEach(() => telemetry.dispose());

const request = (id: number): object => ({ jsonrpc: '2.0', id, method: 'ping' });

it('gives the oldest request up when ten thousand are open, so handlers that never answer cannot fill the memory', () => {
  for (let id = 0; id < 10_000; id += 1) connection.begin(request(id), undefined);
  expect(points).toHaveLength(0);
  connection.begin(request(10_000), undefined);
  expect(points).toEqual([{ 'mcp.method.name': 'ping', 'error.type': '_OTHER' }]);
  connection.close();
  expect(points).toHaveLength(10_001);
  expect(telemetry.spans).toHaveLength(10_001);
});

it('ends a request once, whatever comes after its answer', () => {
  connection.begin(request(1), undefined);
  const operation = connection.answering({ id: 1, result: {} });
  if (operation === undefined) throw new Error('the answer was not recognised');
  connection.cancel({ method: 'notifications/cancelled', params: { requestId: 1 } });
  connection.close();
  connection.answered(operation, false);
  expect(points).toEqual([{ 'mcp.method.name': 'ping' }]);
  expect(telemetry.spans).toHaveLength(1);
});

it('takes nothing for a request or an answer that is none', () => {
  for (const message of [undefined, null, 'x', [], {}, { method: 'ping' }, { method: 'ping', id: null }, { id: {}, method: 'ping' }, { id: 1, method: 7 }]) {
    expect(connection.begin(message, undefined)).toBeUndefined();
    expect(connection.answering(message)).toBeUndefined();
    connection.cancel(message);
  }
  expect(connection.answering({ id: 'unknown', result: {} })).toBeUndefined();
});

it('keeps ids of different types apart', () => {
  connection.begin(request(1), undefined);
  expect(connection.answering({ id: '1', result: {} })).toBeUndefined();
  expect(connection.answering({ id: 1, result: {} })?.id).toBe(1);
});
