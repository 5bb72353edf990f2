import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffFixture } from '../setup/handoffFixture.js';
import type { HandoffFixture } from '../setup/handoffFixture.js';

/** What clients bind to: addresses, and the names and order of the fields. */

let fixture: HandoffFixture;
let client: Client;
beforeAll(async () => {
  fixture = await handoffFixture();
  client = await fixture.connect();
});
afterAll(() => fixture.dispose());

async function read(uri: string): Promise<unknown> {
  const { contents } = await client.readResource({ uri });
  const [content] = contents as { uri: string; mimeType: string; text: string }[];
  expect(content).toMatchObject({ uri, mimeType: 'application/json' });
  return JSON.parse(content?.text ?? 'null');
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

it('handoff://health: one entry for each part, with its state, age and latency', async () => {
  const body = await read('handoff://health');
  expect(body).toMatchObject({ status: expect.stringMatching(/^(?:pass|warn)$/), mainThreadSilentMs: 0, ageMs: expect.any(Number) });
  const { checks } = body as { checks: Record<string, [Record<string, unknown>]> };
  expect(Object.keys(checks)).toEqual([
    'database',
    'redis',
    'memory',
    'event_loop',
    'archive',
    'migrations',
    'jobs',
    'sweeps',
    'partitions',
    'telemetry',
    'features',
  ]);
  expect(Object.keys(checks['database']?.[0] ?? {})).toEqual(['status', 'state', 'time', 'ageMs', 'latencyMs', 'isCritical', 'details']);
  expect(checks['database']?.[0]['time']).toMatch(TIME);
  expect(checks['redis']).toMatchObject([{ status: 'pass', state: 'healthy', reason: 'in_process', isCritical: false }]);
});

it('handoff://metrics: what was measured', async () => {
  const body = await read('handoff://metrics');
  expect(Object.keys(body as object)).toEqual([
    'timestamp',
    'memory',
    'database',
    'cache',
    'redis',
    'disk',
    'eventLoop',
    'ageMs',
    'cpu',
    'sessions',
  ]);
  expect(body).toMatchObject({
    timestamp: expect.stringMatching(TIME),
    memory: { used: expect.any(Number), percentage: expect.any(Number) },
  });
});
