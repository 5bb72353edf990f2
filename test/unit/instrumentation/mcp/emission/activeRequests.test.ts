import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ActiveRequests } from '../../../../../src/instrumentation/mcp/emission/activeRequests.js';
import { TelemetryHarness } from '../telemetryHarness.js';

const SERVER = 'handoff.mcp.server.active_requests';

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(() => telemetry.dispose());

describe('active requests', () => {
  it('are what is open when metrics are collected, by method and transport', async () => {
    const active = new ActiveRequests(telemetry.meterProvider.getMeter('test'));
    const cell = active.cell('received', 'ping', 'pipe');
    expect(active.cell('received', 'ping', 'pipe')).toBe(cell);
    expect(active.cell('sent', 'ping', 'pipe')).not.toBe(cell);
    expect(active.cell('received', 'ping', undefined)).not.toBe(cell);
    cell.open = 3;
    active.cell('sent', 'ping', 'pipe').open = 5;
    expect(await telemetry.counts(SERVER)).toEqual({ ping: 3 });
    expect(await telemetry.counts('handoff.mcp.client.active_requests')).toEqual({ ping: 5 });
    cell.open -= 3;
    expect(await telemetry.counts(SERVER)).toEqual({ ping: 0 });
  });

  it('have no series for notifications, which nobody answers', async () => {
    const active = new ActiveRequests(telemetry.meterProvider.getMeter('test'));
    active.cell('received', 'notifications/progress', 'pipe').open = 1;
    expect(await telemetry.counts(SERVER)).toEqual({});
  });

  it('count on when the meter refuses the instrument', () => {
    const meter = {
      createObservableUpDownCounter: () => {
        throw new Error('refused');
      },
    };
    const active = new ActiveRequests(meter as never);
    expect(active.cell('received', 'ping', undefined).open).toBe(0);
    active.stop();
  });

  it('are no longer read once stopped', async () => {
    const active = new ActiveRequests(telemetry.meterProvider.getMeter('test'));
    active.cell('received', 'ping', undefined).open = 1;
    active.stop();
    expect(await telemetry.counts(SERVER)).toEqual({});
  });
});
