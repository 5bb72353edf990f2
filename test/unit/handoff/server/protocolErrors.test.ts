import { expect, it, vi } from 'vitest';
import { protocolErrorReports } from '../../../../src/handoff/server/protocolErrors.js';

it('logs each kind once a minute with how often it was held back, and few kinds', () => {
  const lines: object[] = [];
  const state = { nowMs: 0 };
  const report = protocolErrorReports(
    { info: () => undefined, warn: (fields) => void lines.push(fields), error: () => undefined },
    { nowMs: () => state.nowMs, monotonicMs: () => state.nowMs, sleep: () => Promise.resolve() },
  );
  for (let count = 0; count < 5; count += 1) report(new Error('same'));
  expect(lines).toMatchObject([{ 'event.name': 'handoff.mcp.protocol_error', heldBack: 0 }]);
  state.nowMs = 60_000;
  report(new Error('same'));
  expect(lines[1]).toMatchObject({ heldBack: 4 });
  for (let count = 0; count < 1000; count += 1) report(new Error(`another ${count}`));
  expect(lines.length).toBeLessThan(30);
});

it('takes messages for one kind that differ only in the long rest, which quotes what was sent', () => {
  const warn = vi.fn();
  const report = protocolErrorReports({ info: () => undefined, warn, error: () => undefined });
  for (const quoted of ['one', 'two']) report(new Error(`${'x'.repeat(100)} ${quoted}`));
  expect(warn).toHaveBeenCalledTimes(1);
});
