import { describe, expect, it } from 'vitest';
import { calledOperations } from '../../../../src/handoff/analytics/findings/toolSeries.js';
import { isCall } from '../../../../src/telemetry/catalogue/calls.js';

describe('a call', () => {
  it.each([
    ['handoff.context.append', true],
    ['handoff.request.accept', true],
    ['an.operation.of.the.host', true],
    // Several calls, each of which is counted by itself.
    ['handoff.context.append_together', false],
    ['handoff.session.handoff_together', false],
    ['handoff.request.time_out', false],
    ['handoff.sweep.expire', false],
    ['handoff.analytics.roll_up', false],
    ['handoff.codebase.analyze', false],
  ])('%s: %s', (operation, is) => {
    expect(isCall(operation)).toBe(is);
  });
});

it('what is watched as tools are the calls, and the analysis of files', () => {
  expect(calledOperations.filter((operation) => !isCall(operation))).toEqual(['handoff.codebase.analyze']);
  expect(calledOperations).toContain('handoff.context.append');
});
