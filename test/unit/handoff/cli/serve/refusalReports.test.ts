import { afterEach, beforeEach, expect, it } from 'vitest';
import { refusalReports } from '../../../../../src/handoff/cli/serve/refusalReports.js';
import { Recording } from '../../../telemetry/recording.js';

let recording: Recording;
beforeEach(() => {
  recording = new Recording();
});
afterEach(() => recording.dispose());

it('counts every refusal and logs one line a minute and reason, with the address and how many there were', async () => {
  const state = { nowMs: 0 };
  const report = refusalReports(recording.log, recording.meter, {
    nowMs: () => state.nowMs,
    monotonicMs: () => state.nowMs,
    sleep: () => Promise.resolve(),
  });
  for (let count = 0; count < 1000; count += 1) report({ reason: 'token', status: 401, remoteAddress: '192.0.2.1' });
  report({ reason: 'memory', remoteAddress: undefined });
  report({ reason: 'protocol', status: 400, remoteAddress: '192.0.2.1' });
  state.nowMs = 60_000;
  report({ reason: 'token', status: 401, remoteAddress: '192.0.2.2' });
  expect(recording.records).toEqual([
    {
      level: 'warn',
      fields: {
        'event.name': 'handoff.http.refused',
        'handoff.http.refusal.reason': 'token',
        'http.response.status_code': 401,
        'client.address': '192.0.2.1',
        heldBack: 0,
      },
      message: 'a request without the bearer token, or with a wrong one, was refused',
    },
    {
      level: 'warn',
      fields: { 'event.name': 'handoff.http.refused', 'handoff.http.refusal.reason': 'memory', heldBack: 0 },
      message: 'a client was disconnected because bodies and unread answers took too much memory: see HANDOFF_HTTP_MAX_HELD_BYTES',
    },
    { level: 'warn', fields: expect.objectContaining({ 'client.address': '192.0.2.2', heldBack: 999 }), message: expect.any(String) },
  ]);
  const points = (await recording.metrics()).find(({ descriptor }) => descriptor.name === 'handoff.http.refusals')?.dataPoints;
  expect(points?.map(({ attributes, value }) => [attributes, value])).toEqual([
    [{ 'handoff.http.refusal.reason': 'token', 'http.response.status_code': 401 }, 1001],
    [{ 'handoff.http.refusal.reason': 'memory' }, 1],
    [{ 'handoff.http.refusal.reason': 'protocol', 'http.response.status_code': 400 }, 1],
  ]);
});
