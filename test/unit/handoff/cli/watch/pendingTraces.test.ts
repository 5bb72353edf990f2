import { expect, it } from 'vitest';
import { HOLD_MS, PendingTraces, SETTLE_MS } from '../../../../../src/handoff/cli/watch/pendingTraces.js';
import type { SpanRecord } from '../../../../../src/testing.js';
import { spanRecord } from '../../../testing/records.js';

const names = (traces: readonly (readonly SpanRecord[])[]): readonly (readonly string[])[] =>
  traces.map((spans) => spans.map(({ name }) => name));

it('shows a complete trace when nothing more came for a moment, once', () => {
  const pending = new PendingTraces();
  pending.add(
    [spanRecord('2', 1, 2, { parent: '1', name: 'SELECT', kind: 'CLIENT' }), spanRecord('1', 0, 3, { name: 'tools/call' })],
    1000,
  );
  expect(pending.takeDue(1000 + SETTLE_MS - 1)).toEqual([]);
  expect(names(pending.takeDue(1000 + SETTLE_MS))).toEqual([['SELECT', 'tools/call']]);
  expect(pending.isEmpty).toBe(true);
  expect(pending.takeDue(1e9)).toEqual([]);
});

it('waits for a parent that has not ended, and counts from the last span that came', () => {
  const pending = new PendingTraces();
  pending.add([spanRecord('2', 1, 2, { parent: '1', name: 'SELECT', kind: 'CLIENT' })], 0);
  expect(pending.takeDue(HOLD_MS - 1)).toEqual([]);
  pending.add([spanRecord('1', 0, 3, { name: 'tools/call', kind: 'SERVER', parent: 'f' })], HOLD_MS - 1);
  expect(pending.takeDue(HOLD_MS)).toEqual([]);
  expect(names(pending.takeDue(HOLD_MS - 1 + SETTLE_MS))).toEqual([['SELECT', 'tools/call']]);
});

it('shows what there is of a trace whose parent never comes', () => {
  const pending = new PendingTraces();
  pending.add([spanRecord('2', 1, 2, { parent: '1', name: 'SELECT', kind: 'CLIENT' })], 0);
  expect(names(pending.takeDue(HOLD_MS))).toEqual([['SELECT']]);
});

it('keeps traces apart, and shows them in the order in which they began', () => {
  const pending = new PendingTraces();
  pending.add([spanRecord('1', 5, 6, { name: 'later', traceId: 'b'.repeat(32) }), spanRecord('2', 0, 9, { name: 'earlier' })], 0);
  expect(names(pending.takeAll())).toEqual([['earlier'], ['later']]);
  expect(pending.isEmpty).toBe(true);
});

it('holds a bounded number of spans, whatever is missing', () => {
  const pending = new PendingTraces();
  const orphan = (index: number): SpanRecord =>
    spanRecord('2', 0, 1, { parent: '1', name: 'SELECT', kind: 'CLIENT', traceId: index.toString(16).padStart(32, '0') });
  pending.add(
    Array.from({ length: 20_010 }, (_, index) => orphan(index + 1)),
    0,
  );
  expect(pending.takeDue(0)).toHaveLength(10);
});
