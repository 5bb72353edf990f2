import { randomBytes } from 'node:crypto';
import { isValidSpanId, isValidTraceId } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { RandomIds } from '../../../../../src/instrumentation/sdk/spans/randomIds.js';

it('are valid, and none comes twice', () => {
  const ids = new RandomIds(randomBytes);
  const made = Array.from({ length: 1000 }, () => [ids.generateTraceId(), ids.generateSpanId()] as const);
  expect(made.every(([traceId, spanId]) => isValidTraceId(traceId) && isValidSpanId(spanId))).toBe(true);
  expect(new Set(made.flat()).size).toBe(2000);
  const halves = made.flatMap(([traceId, spanId]) => [traceId.slice(0, 16), traceId.slice(16), spanId]);
  expect(new Set(halves).size).toBe(3000);
});

it('are never zero, which stands for no id', () => {
  const ids = new RandomIds((size) => Buffer.alloc(size, 0).fill(0xab, size / 2));
  expect([ids.generateSpanId(), ids.generateTraceId()]).toEqual(['ab'.repeat(8), 'ab'.repeat(16)]);
});
