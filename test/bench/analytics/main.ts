import { parseArgs } from 'node:util';
import type { Database } from '../../../src/handoff/storage/database.js';
import { createHandoffServices } from '../../../src/handoff/services.js';
import { createMemoryCache } from '../../../src/handoff/storage/memoryCache.js';
import { migrate } from '../../../src/handoff/storage/migrate/migrate.js';
import { createPostgresDatabase } from '../../../src/handoff/storage/postgres.js';
import { systemClock } from '../../../src/time/clock.js';
import { freshDatabase } from '../../setup/freshDatabase.js';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { fillYear } from './fillYear.js';

// `npm run bench analytics -- [--events 10000000] [--rounds 50]`: a year of events, rolled up in two parts, and reports of the year.

const { values } = parseArgs({ options: { events: { type: 'string', default: '10000000' }, rounds: { type: 'string', default: '50' } } });
const events = Number(values.events);
const rounds = Number(values.rounds);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function measure(database: Database): Promise<void> {
  const cache = await createMemoryCache({}, { clock: systemClock });
  const { analytics } = createHandoffServices({ database, cache, log: silent });
  say(`| history | events | rolled up in s | µs an event |\n|---|---|---|---|`);
  for (const [name, fromDay, days] of [
    ['the first 33 days', 0, 33],
    ['the other 331 days', 33, 331],
  ] as const) {
    const written = await fillYear(database, Math.round((events * days) / 364), fromDay, days);
    // What was written is new, and not late.
    await database.pool.query(
      "UPDATE analytics_watermarks SET rolled_up_to = date_trunc('day', now() - interval '1 year' + $1 * interval '1 day', 'UTC')",
      [fromDay],
    );
    const startMs = performance.now();
    await analytics.rollUp({ pauseMs: 0 });
    const seconds = (performance.now() - startMs) / 1000;
    say(`| ${name} | ${written} | ${seconds.toFixed(1)} | ${((seconds * 1e6) / written).toFixed(1)} |`);
  }
  const { rows } = await database.pool.query<{ granularity: string; rows: string; bytes: string }>(
    `SELECT granularity, count(*) AS rows, round(avg(pg_column_size(a))) AS bytes FROM analytics_aggregations a GROUP BY 1 ORDER BY 2 DESC`,
  );
  say('\n| buckets | rows | bytes a row, without its index |\n|---|---|---|');
  for (const row of rows) say(`| ${row.granularity} | ${row.rows} | ${row.bytes} |`);
  await database.pool.query('VACUUM ANALYZE analytics_aggregations');
  const end = new Date();
  const year = { start: new Date(end.getTime() - 365 * 86_400_000), end };
  const reports = {
    sessions: () => analytics.getSessionStatistics({ ...year, groupBy: 'agent' }),
    handoffs: () => analytics.getHandoffSuccessRates(year),
    context: () => analytics.getContextGrowthPatterns(year),
    performance: () => analytics.getPerformanceTrends(year),
    resources: () => analytics.getResourceUtilization(year),
  };
  say('\n| report of a year | p50 ms | p95 ms |\n|---|---|---|');
  for (const [name, report] of Object.entries(reports)) {
    const times: number[] = [];
    for (let round = 0; round < rounds + 5; round += 1) {
      const startMs = performance.now();
      await report();
      if (round >= 5) times.push(performance.now() - startMs);
    }
    times.sort((a, b) => a - b);
    const at = (share: number): string => (times[Math.floor(share * (times.length - 1))] ?? NaN).toFixed(1);
    say(`| ${name} | ${at(0.5)} | ${at(0.95)} |`);
  }
  await cache.close();
}

const server = await startThrowawayPostgres();
try {
  const fresh = await freshDatabase(server.url);
  const database = await createPostgresDatabase(
    { connectionString: fresh.url, poolSize: 4 },
    { clock: systemClock, random: Math.random, onConnectionLost: () => undefined },
  );
  await migrate(database, {}, { clock: systemClock, random: Math.random });
  await measure(database);
  await database.close();
} finally {
  await server.stop();
}
