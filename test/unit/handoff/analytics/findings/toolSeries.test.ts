import { expect, it } from 'vitest';
import { calledOperations, chosenTools } from '../../../../../src/handoff/analytics/findings/toolSeries.js';

it('operations that run by themselves are no tools', () => {
  expect(calledOperations).toContain('handoff.session.register');
  expect(calledOperations).toContain('handoff.request.accept');
  for (const own of ['handoff.request.time_out', 'handoff.analytics.roll_up', 'handoff.anomaly.detect', 'handoff.sweep.expire'])
    expect(calledOperations).not.toContain(own);
  expect(chosenTools(['handoff.analytics.roll_up', 'handoff.session.list', 'of_a_host'], new Set())).toEqual(['handoff.session.list']);
});

it('what is watched stays while it is among the sixteen with most calls, and makes room beyond', () => {
  const tools = calledOperations;
  expect(tools.length).toBeGreaterThan(10);
  expect(chosenTools(tools, new Set())).toEqual(tools.slice(0, 8));
  const last = tools.at(-1) ?? '';
  expect(chosenTools(tools, new Set([last]))).toEqual([last, ...tools.slice(0, 7)]);
  expect(chosenTools([...tools.slice(0, 9)], new Set([last]))).toEqual(tools.slice(0, 8));
});
