import { ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing, unsuppressTracing } from '@opentelemetry/core';
import { expect, it } from 'vitest';
import { isTracingSuppressed } from '../../../src/logging/suppression.js';

it('reads the mark that the SDK sets', () => {
  expect(isTracingSuppressed(ROOT_CONTEXT)).toBe(false);
  expect(isTracingSuppressed(suppressTracing(ROOT_CONTEXT))).toBe(true);
  expect(isTracingSuppressed(unsuppressTracing(suppressTracing(ROOT_CONTEXT)))).toBe(false);
});
