import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { createRedisCache } from '../../../../src/handoff/storage/redisCache.js';
import { systemClock } from '../../../../src/time/clock.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { startThrowawayRedis } from '../../../setup/throwawayRedis.js';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';

/** Calls answer from the database alone: the cache is for readers outside, and each write makes its entry anew. */

let redis: ThrowawayServer;
let direct: Redis;
let fixture: HandoffFixture;
beforeAll(async () => {
  redis = await startThrowawayRedis();
  direct = new Redis(redis.url).on('error', () => undefined);
  const fallback = await createMemoryCache({}, { clock: systemClock });
  const cache = await createRedisCache(
    { connection: { url: redis.url }, commandTimeoutMs: 5000 },
    { fallback, clock: systemClock, random: Math.random, onError: () => undefined },
  );
  fixture = await handoffFixture({ cache });
});
beforeEach(() => direct.flushall());
afterAll(async () => {
  await fixture.dispose();
  direct.disconnect();
  await redis.stop();
});

const LATEST = (key: string): string => `session:${key}:latest_context`;
const PACKAGE = (key: string): string => `handoff:builder:${key}`;
const append = (sessionKey: string, content: string) =>
  fixture.sessions.append({ sessionKey, contextType: 'message', content, metadata: {} });
const handOff = (sessionKey: string) =>
  fixture.sessions.handOff({ sessionKey, targetAgent: 'builder', requestType: 'collaboration', requestData: {} });
const answers = async (sessionKey: string): Promise<unknown> => [
  await fixture.sessions.context({ sessionKey, afterSequenceNumber: 0, limit: 100 }),
  await fixture.sessions.summary(sessionKey),
];
const stored = async (key: string): Promise<Record<string, unknown>> =>
  JSON.parse((await direct.get(key)) ?? 'null') as Record<string, unknown>;

async function sessionOf(sessionKey: string): Promise<void> {
  await fixture.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
  await append(sessionKey, 'one');
  await handOff(sessionKey);
  expect(await direct.exists(LATEST(sessionKey), PACKAGE(sessionKey))).toBe(2);
}

/** The entries that the next calls write are whole again. */
async function expectReplaced(sessionKey: string): Promise<void> {
  await append(sessionKey, 'two');
  expect(await stored(LATEST(sessionKey))).toMatchObject({ preview: 'two', sequenceNumber: 4 });
  expect(await direct.ttl(LATEST(sessionKey))).toBeGreaterThan(3500);
  await handOff(sessionKey);
  const { fullContext } = await stored(PACKAGE(sessionKey));
  expect(fullContext).toMatchObject({
    session: { sessionKey, agentFrom: 'planner' },
    contextHistory: [{ sequenceNumber: 1 }, { content: 'one' }, { sequenceNumber: 3 }, { content: 'two' }],
  });
}

it.each<[string, (key: string) => Promise<unknown>]>([
  ['no JSON', (key) => direct.set(key, '\u0000{"half')],
  ['JSON of another form', (key) => direct.set(key, '{"sequenceNumber":-1,"preview":{},"fullContext":[]}')],
  ['the entry of another session', (key) => direct.set(key, '{"sequenceNumber":900,"contextType":"message","preview":"of another"}')],
  ['another type of value', (key) => direct.multi().del(key).rpush(key, 'x').exec()],
])('an entry that holds %s is ignored, and replaced by the next call', async (what, poison) => {
  const sessionKey = `poisoned-${what}`;
  await sessionOf(sessionKey);
  const before = await answers(sessionKey);
  await poison(LATEST(sessionKey));
  await poison(PACKAGE(sessionKey));
  expect(await answers(sessionKey)).toEqual(before);
  await expectReplaced(sessionKey);
});

it('a cache that has lost everything changes no answer, and is filled again from the database', async () => {
  await sessionOf('lost');
  await fixture.sessions.register({ sessionKey: 'probe', agentFrom: 'planner', metadata: {} });
  const before = await answers('lost');
  await redis.kill9();
  expect(await answers('lost')).toEqual(before);
  await redis.start();
  await expect.poll(() => direct.dbsize().catch(() => -1)).toBe(0);
  expect(await answers('lost')).toEqual(before);
  await expect
    .poll(async () => {
      await direct.flushall();
      await append('probe', 'x');
      return direct.exists(LATEST('probe'));
    })
    .toBe(1);
  await expectReplaced('lost');
});
