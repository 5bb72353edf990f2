import { ROOT_CONTEXT, createContextKey, propagation, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OPERATION_KEY, Operation } from '../../../../../src/instrumentation/mcp/emission/operation.js';
import { OperationContext } from '../../../../../src/instrumentation/mcp/emission/operationContext.js';
import { Received } from '../../../../../src/instrumentation/mcp/connection/received.js';
import { TestScope } from '../scopes.js';
import { TelemetryHarness } from '../telemetryHarness.js';

let telemetry: TelemetryHarness;
let operation: Operation;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  const begun = new Received(new TestScope(telemetry).connect({ protocol: {} })).begin({ id: 1, method: 'ping' }, undefined)?.operation;
  if (begun === undefined) throw new Error('nothing begun');
  operation = begun;
});
afterEach(() => telemetry.dispose());

const mine = createContextKey('mine');

it('holds its operation, its span, and what its parent holds', () => {
  const baggage = propagation.createBaggage({ a: { value: 'b' } });
  const parent = propagation.setBaggage(trace.setSpan(ROOT_CONTEXT, telemetry.tracer.startSpan('outer')), baggage);
  const held = new OperationContext(parent, operation);
  expect(held.getValue(OPERATION_KEY)).toBe(operation);
  expect(trace.getSpan(held)).toBe(operation.parts.span);
  expect(propagation.getBaggage(held)).toBe(baggage);
  expect(held.getValue(mine)).toBeUndefined();
});

it("has its parent's span where the operation has none", () => {
  const outer = telemetry.tracer.startSpan('outer');
  const silent = new Operation({ ...operation.parts, span: undefined });
  const held = new OperationContext(trace.setSpan(ROOT_CONTEXT, outer), silent);
  expect(trace.getSpan(held)).toBe(outer);
  expect(trace.getSpan(held.setValue(mine, 1))).toBe(outer);
});

it('is copied with one value more or less, and stays as it is', () => {
  const held = new OperationContext(ROOT_CONTEXT.setValue(mine, 'before'), operation);
  const changed = held.setValue(mine, 'after');
  expect([changed.getValue(mine), changed.getValue(OPERATION_KEY)]).toEqual(['after', operation]);
  expect(trace.getSpan(changed)).toBe(operation.parts.span);
  expect(trace.getSpan(trace.deleteSpan(held))).toBeUndefined();
  expect(trace.deleteSpan(held).getValue(mine)).toBe('before');
  expect(held.getValue(mine)).toBe('before');
});
