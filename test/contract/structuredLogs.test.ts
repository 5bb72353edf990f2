import { metrics } from '@opentelemetry/api';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storageReports } from '../../src/handoff/cli/serve/storageReports.js';
import { createMemoryCache } from '../../src/handoff/storage/memoryCache.js';
import { createPostgresDatabase } from '../../src/handoff/storage/postgres.js';
import { createRedisCache } from '../../src/handoff/storage/redisCache.js';
import { createLogger } from '../../src/logging/logger.js';
import { createStructuredLogger } from '../../src/logging/structuredLogger.js';
import { systemClock } from '../../src/time/clock.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import { handoffFixture } from '../setup/handoffFixture.js';
import type { HandoffFixture } from '../setup/handoffFixture.js';
import { startThrowawayRedis } from '../setup/throwawayRedis.js';
import { MemoryDestination } from '../unit/logging/memoryDestination.js';

// The acceptance criteria R2.1, R2.2, R2.4 and R2.5 of the handoff server, each by its name. R2.3 is about thresholds.

type Client = Awaited<ReturnType<HandoffFixture['connect']>>;

let fixture: HandoffFixture;
let client: Client;
beforeAll(async () => {
  fixture = await handoffFixture();
  client = await fixture.connect();
});
afterAll(async () => {
  await client.close();
  await fixture.dispose();
});

function records(event: string, session: string): readonly Record<string, unknown>[] {
  const all = fixture.log.map(([level, fields]): Record<string, unknown> => ({ level, ...fields }));
  return all.filter((record) => record['event.name'] === event && record['handoff.session.key'] === session);
}

describe('R2.1 tool calls are logged with session, tool, time and outcome', () => {
  it('in one record each', async () => {
    await client.callTool({ name: 'register_session', arguments: { sessionKey: 'r21', agentFrom: 'a' } });
    await client.callTool({ name: 'update_context', arguments: { sessionKey: 'r21', contextType: 'message', content: 'text' } });
    expect([...records('handoff.session.register', 'r21'), ...records('handoff.context.append', 'r21')]).toEqual(
      ['register_session', 'update_context'].map((tool) =>
        expect.objectContaining({ level: 'info', 'gen_ai.tool.name': tool, durationMs: expect.any(Number), success: true }),
      ),
    );
  });

  it('and with why they failed', async () => {
    await client.callTool({ name: 'update_context', arguments: { sessionKey: 'r21-none', contextType: 'message', content: 'text' } });
    expect(records('handoff.context.append', 'r21-none')).toMatchObject([
      { level: 'warn', 'gen_ai.tool.name': 'update_context', success: false, 'error.type': 'session_not_found' },
    ]);
  });

  it('also when nothing was done because of their arguments, of which only names of the tool are told', async () => {
    await client.callTool({
      name: 'update_context',
      arguments: { sessionKey: 'r21', contextType: 'a secret', contents: 'text', theirs: 1 },
    });
    await client.callTool({ name: 'get_context', arguments: { sessionKey: 'x'.repeat(300) } });
    const refused = fixture.log.filter(([, fields]) => fields['event.name'] === 'handoff.tool.input_refused');
    expect(refused).toEqual([
      [
        'info',
        {
          'event.name': 'handoff.tool.input_refused',
          'gen_ai.tool.name': 'update_context',
          'handoff.session.key': 'r21',
          success: false,
          argumentNames: ['contextType', 'content'],
        },
      ],
      [
        'info',
        { 'event.name': 'handoff.tool.input_refused', 'gen_ai.tool.name': 'get_context', success: false, argumentNames: ['sessionKey'] },
      ],
    ]);
  });
});

it('R2.2 errors are logged with context and stack, and without what callers wrote', async () => {
  const destination = new MemoryDestination();
  const log = createStructuredLogger(createLogger({ destination }));
  log.logError(new TypeError('said by a caller'), { errorType: 'DatabaseError', component: 'storage', operation: 'read', sessionId: 's' });
  expect(destination.last).toMatchObject({
    'event.name': 'handoff.log.error',
    component: 'storage',
    operation: 'read',
    sessionId: 's',
    err: { type: 'TypeError', stack: expect.stringContaining('structuredLogs.test.ts') },
  });
  expect(destination.texts.join('')).not.toContain('said by a caller');
});

describe('R2.4 lost links are logged, and made again', () => {
  const told: Record<string, unknown>[] = [];
  const note = (fields: object): void => void told.push({ ...fields });
  const log = { info: note, warn: note, error: note };
  const reports = storageReports(log, metrics.getMeter('test'));
  const machine = { clock: systemClock, random: Math.random };

  it('to the database', async () => {
    const fresh = await freshDatabase();
    const deps = { ...machine, onConnectionLost: reports.onConnectionLost };
    const database = await createPostgresDatabase({ connectionString: fresh.url, applicationName: 'r24' }, deps);
    await database.query({ name: 'one', text: 'SELECT 1' });
    const admin = new pg.Client({ connectionString: fresh.url });
    await admin.connect();
    await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'r24'");
    await admin.end();
    await expect.poll(() => told).toMatchObject([{ 'event.name': 'handoff.database.connection_lost', 'error.type': '57P01' }]);
    expect(await database.query({ name: 'two', text: 'SELECT 2 AS two' })).toEqual([{ two: 2 }]);
    await database.close();
    await fresh.drop();
  });

  it('to Redis', async () => {
    told.length = 0;
    const redis = await startThrowawayRedis();
    const fallback = await createMemoryCache({ maxEntries: 10, maxBytes: 10_000 }, machine);
    const deps = { ...machine, fallback, onError: reports.onCacheError };
    const cache = await createRedisCache({ connection: { url: redis.url } }, deps);
    await cache.set('k', 'v', 60);
    await redis.restart();
    await expect.poll(() => told.map((fields) => fields['event.name'])).toContain('handoff.cache.failed');
    await expect.poll(() => cache.probe?.()).toMatchObject({ isReplica: false });
    await cache.close();
    await redis.stop();
  });
});

it('R2.5 handoffs are logged with duration, size of the context and success', async () => {
  await client.callTool({ name: 'register_session', arguments: { sessionKey: 'r25', agentFrom: 'a' } });
  await client.callTool({ name: 'update_context', arguments: { sessionKey: 'r25', contextType: 'message', content: 'text' } });
  await client.callTool({ name: 'request_handoff', arguments: { sessionKey: 'r25', targetAgent: 'b', requestType: 'full_handoff' } });
  expect(records('handoff.session.handoff', 'r25')).toMatchObject([
    {
      level: 'info',
      'gen_ai.tool.name': 'request_handoff',
      'handoff.request.type': 'full_handoff',
      'handoff.context.entry_count': 2,
      durationMs: expect.any(Number),
      success: true,
    },
  ]);
});
