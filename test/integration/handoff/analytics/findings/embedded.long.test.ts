import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../../src/handoff/services.js';
import type { HandoffServices } from '../../../../../src/handoff/services.js';
import { createMemoryCache } from '../../../../../src/handoff/storage/memoryCache.js';
import { migrate } from '../../../../../src/handoff/storage/migrate/migrate.js';
import type { EmbeddedDatabase } from '../../../../../src/handoff/storage/embedded/openEmbeddedDatabase.js';
import { systemClock } from '../../../../../src/time/clock.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';
import { createScratch } from '../../storage/embedded/scratch.js';
import { TOOLS, before, found, goTo, lastBucket, spoil, writeWeek } from './week.js';

/** Anomalies are found on the embedded database too, and a server that is started anew goes on from the state that is kept. */

const [APPEND] = TOOLS;
/** What the build makes; with it, the database is there in a second. */
const prepared = new URL('../../../../../dist/handoff/storage/embedded/prepared.br', import.meta.url);
const scratch = createScratch();
const end = lastBucket();
const faultFrom = before(end, 24);
const faultTo = before(end, 6);
const log: Readonly<Record<string, unknown>>[] = [];

interface Server extends Pick<HandoffFixture, 'sql'> {
  readonly database: EmbeddedDatabase;
  readonly analytics: HandoffServices['analytics'];
}

async function start(folder: string): Promise<Server> {
  const database = await scratch.open(folder, { waitMs: 150_000, openTimeoutMs: 110_000, prepared });
  await migrate(database, {}, { clock: systemClock, random: Math.random });
  const note = (fields: object): void => void log.push(fields as Readonly<Record<string, unknown>>);
  const cache = await createMemoryCache({}, { clock: systemClock });
  const { analytics } = createHandoffServices({ database, cache, log: { info: note, warn: note, error: note } });
  return {
    database,
    analytics,
    sql: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await database.pool.query<Row>(text, [...values])).rows,
  };
}

const records = (event: string): readonly object[] => log.filter((fields) => fields['event.name'] === event);

let folder: string;
let server: Server;
beforeAll(async () => {
  folder = await scratch.emptyFolder();
  server = await start(folder);
  await writeWeek(server, end);
  await spoil(server, APPEND, [faultFrom, faultTo], { sumMs: 10 });
  await server.analytics.rollUp({ pauseMs: 0 });
}, 300_000);
afterAll(() => scratch.cleanUp());

it('an anomaly that began before a restart goes on after it, and ends once', async () => {
  await goTo(server, before(end, 12));
  expect(await server.analytics.findAnomalies()).toMatchObject({ isComplete: true });
  const open = (await server.analytics.detectAnomalies()).find(({ type, subject }) => type === 'tool_latency' && subject === APPEND);
  expect(open).toMatchObject({ timestamp: faultFrom, direction: 'above', severity: 'high', endedAt: null });
  const states = 'SELECT kind, subject, judged_to, state FROM analytics_detectors ORDER BY kind, subject';
  const kept = await server.sql<{ judged_to: Date }>(states);
  expect(kept.length).toBeGreaterThan(8);

  await server.database.close();
  server = await start(folder);
  expect(await server.sql(states)).toEqual(kept);
  await goTo(server, end);
  const { buckets } = await server.analytics.findAnomalies();
  // The hour since, and not the week again.
  expect(buckets).toBe(12 * kept.length);
  const after = await server.analytics.detectAnomalies();
  const latency = after.filter(({ type, subject, severity }) => type === 'tool_latency' && subject === APPEND && severity === 'high');
  expect(latency).toMatchObject([{ id: open?.id, timestamp: faultFrom }]);
  expect(records('handoff.anomaly.restarted')).toEqual([]);
});

it('what was found in two parts is what is found at once', async () => {
  const columns = async (): Promise<unknown> => (await found(server)).map(({ id: _, ...row }) => row);
  const parts = await columns();
  expect(parts).not.toEqual([]);
  expect(records('handoff.anomaly.began')).toHaveLength((await found(server)).length);
  await server.sql('TRUNCATE analytics_detectors, analytics_anomalies');
  await server.analytics.findAnomalies();
  expect(await columns()).toEqual(parts);
});
