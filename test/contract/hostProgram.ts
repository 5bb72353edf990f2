/** An instrumented host of the services: what operators and sweeps do with sessions. */
export const HOST = `
import { instrument } from './src/instrumentation/instrument.ts';
import { createFileStore, createHandoffServices, createLogger, createMemoryCache, createPostgresDatabase } from './src/services.ts';
const telemetry = instrument({ serviceName: 'host' });
const clock = { nowMs: Date.now, monotonicMs: () => performance.now(), sleep: () => new Promise((resolve) => setTimeout(resolve, 1)) };
const url = process.env.DATABASE_URL;
const database = await createPostgresDatabase({ connectionString: url }, { clock, random: Math.random, onConnectionLost: () => undefined });
const cache = await createMemoryCache({}, { clock });
const store = createFileStore(process.env.ARCHIVE_FOLDER);
const { sessions, lifecycle, retention, archive, handoffs, analytics } = createHandoffServices({
  database, cache, archive: store, log: createLogger({ level: 'info' }), clock, storageLimitBytes: 1e12,
});
const { session: { id } } = await sessions.register({ sessionKey: 'host', agentFrom: 'a', metadata: {} });
// The second and the third wait for the first, and then go together.
await Promise.all(['1', '2', '3'].map((content) => sessions.append({ sessionKey: 'host', contextType: 'message', content, metadata: {} })));
// The first to write goes by itself, and those that want to write meanwhile go together.
const keys = Array.from({ length: 8 }, (_, index) => 'handed over ' + index);
for (const sessionKey of keys) await sessions.register({ sessionKey, agentFrom: 'a', metadata: {} });
const handOff = (sessionKey) => sessions.handOff({ sessionKey, targetAgent: 'b', requestType: 'collaboration', requestData: {} });
for (let time = 0; time < 2; time += 1) await Promise.all(keys.map(handOff));
await lifecycle.scheduleExpiration(id, new Date('2030-01-01'));
await lifecycle.markSessionDormant(id);
await lifecycle.reactivateSession(id);
await lifecycle.expireSession(id);
const full = { ...store, put: async () => { throw new Error('no space'); } };
const broken = createHandoffServices({ database, cache, archive: full, log: createLogger({ level: 'info' }), clock });
await broken.lifecycle.archiveSession(id).catch(() => undefined);
await lifecycle.archiveSession(id);
await sessions.context({ sessionKey: 'host', afterSequenceNumber: 0, limit: 1 });
await archive.verify(id);
await archive.restore(id, 'operator');
await archive.sweepLeftovers();
await createHandoffServices({ database, cache, log: createLogger({ level: 'info' }), clock }).archive.archiveDue(1);
await database.pool.query("UPDATE sessions SET status = 'odd' WHERE id = $1", [id]);
await lifecycle.sweeps.cache();
await lifecycle.sweepAtStart();
await lifecycle.sweeps.integrity();
await handoffs.timeOut(10);
await retention.updatePolicy({ ...(await retention.listPolicies())[0], name: 'own' }, 'operator');
const rule = await retention.addRule({ policy: 'own', agent: 'b' }, 'operator');
await retention.listRules();
await retention.removeRule(rule.id, 'operator');
await retention.removePolicy('own', 'operator');
await retention.assign({ sessionKey: 'host' }, 'short', 'operator');
await retention.hold({ sessionKey: 'host' }, 'a reason', 'operator');
await retention.listHolds(10);
await retention.release({ sessionKey: 'host' }, 'operator');
await retention.maintain();
await analytics.backfill();
await analytics.rollUp();
await analytics.rebuild(new Date(Date.now() - 3_600_000), new Date());
await analytics.prune();
const lastHour = { start: new Date(Date.now() - 3_600_000), end: new Date() };
await analytics.getSessionStatistics(lastHour);
await analytics.getHandoffSuccessRates(lastHour);
await analytics.getContextGrowthPatterns(lastHour);
await analytics.getPerformanceTrends(lastHour);
await analytics.getResourceUtilization(lastHour);
await analytics.generateRecommendations();
await database.pool.query(
  "INSERT INTO analytics_aggregations (aggregation_type, granularity, dimension, time_bucket, aggregation_data)" +
  " SELECT 'context', 'minute', '', at, jsonb_build_object('', jsonb_build_object('content_bytes', jsonb_build_object('n', 5, 'total', CASE WHEN at > now() - interval '1 hour' THEN 5000000 ELSE 500 END)))" +
  " FROM generate_series(date_trunc('hour', now()) - interval '3 days', now() - interval '20 minutes', interval '5 minutes') at ON CONFLICT DO NOTHING");
await database.pool.query("UPDATE analytics_watermarks SET rolled_up_to = now()");
await analytics.findAnomalies();
await analytics.detectAnomalies();
// A statement that is surely slow, on whatever machine.
const blocker = await database.pool.connect();
await blocker.query('BEGIN; LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE');
const waiting = sessions.context({ sessionKey: 'host', afterSequenceNumber: 0, limit: 1 });
await new Promise((resolve) => setTimeout(resolve, 700));
await blocker.query('COMMIT');
blocker.release();
await waiting;
await retention.erase({ sessionKey: 'host' }, 'operator');
const { errors } = createHandoffServices({ database, cache, log: createLogger({ level: 'info' }) });
await errors.attemptRecovery(Object.assign(new Error('away'), { dependency: 'database' }));
await telemetry.flush();
await database.close();
await telemetry.shutdown();
`;
