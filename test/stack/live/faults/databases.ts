import pg from 'pg';
import { sql } from '../load/sql.js';
import { services } from '../servers.js';
import type { Fault, World } from './fault.js';

const job = { job: services.unluckyHandoff };
const TABLE = 'sessions';
const SESSION = { sessionKey: 'unlucky' };
const GOOD_CALLS = 10;
/** Of `list_sessions`. */
const SLOW_STATEMENT = 'handoff_list_sessions';

const handOff = ({ calls }: World, count: number): Promise<void> =>
  calls.handoff.burst(count, 'request_handoff', { ...SESSION, targetAgent: 'other', requestType: 'full_handoff' });
const prepare = ({ calls }: World): Promise<void> => calls.handoff.call('register_session', { ...SESSION, agentFrom: 'live' });

/** Holds a lock that every statement of the server has to wait for, until it is let go. */
let holder: pg.Client | undefined;

export const databaseFaults: readonly Fault[] = [
  {
    name: 'a table is gone',
    alerts: [
      { name: 'HandoffSuccessBurnsFast', labels: job },
      { name: 'HandoffSuccessBurnsSlowly', labels: job, isHeldBack: true },
      { name: 'HandoffInternalFailures', labels: { ...job, handoff_operation_name: 'handoff.session.handoff' } },
      { name: 'SweepsFail', labels: { ...job, handoff_sweep_name: 'expire' } },
      { name: 'JobFails', labels: { ...job, messaging_destination_name: 'session-cleanup' } },
    ],
    begin: async (world) => {
      await prepare(world);
      await sql(world.postgres, `ALTER TABLE ${TABLE} RENAME TO ${TABLE}_gone`);
    },
    go: (world) =>
      Promise.all([
        handOff(world, 2),
        ...['session-cleanup', 'analytics-rollup'].map((jobName) => world.calls.handoff.call('run_job_now', { jobName })),
      ]),
    end: (world) => sql(world.postgres, `ALTER TABLE ${TABLE}_gone RENAME TO ${TABLE}`),
    recover: (world) => handOff(world, GOOD_CALLS),
  },
  {
    name: 'a table is locked',
    notInCore: 'it takes most of a minute on a busy machine',
    alerts: [
      { name: 'DatabaseSlow', labels: job },
      { name: 'SlowStatements', labels: { ...job, handoff_statement_name: SLOW_STATEMENT } },
      { name: 'DatabasePoolExhausted', labels: job },
      { name: 'DatabaseConnectionsAwaited', labels: job },
      { name: 'DatabasePoolTimeouts', labels: job },
      { name: 'HttpCapacityRefusals', labels: { ...job, handoff_http_refusal_reason: 'busy' } },
    ],
    begin: async (world) => {
      await prepare(world);
      holder = new pg.Client({ connectionString: world.postgres.url });
      holder.on('error', () => undefined); // its server may be killed before it has let go
      await holder.connect();
      await holder.query(`BEGIN; LOCK TABLE ${TABLE} IN ACCESS EXCLUSIVE MODE`);
    },
    go: (world) => world.calls.handoff.burst(100, 'list_sessions'),
    end: () => holder?.end() ?? Promise.resolve(),
    recover: (world) => world.calls.handoff.burst(GOOD_CALLS, 'list_sessions'),
  },
  {
    name: 'PostgreSQL is killed',
    alerts: [
      { name: 'DatabaseUnavailable', labels: job },
      { name: 'ServerUnhealthy', labels: job, isHeldBack: true },
      { name: 'PartUnhealthy', labels: { ...job, handoff_component_name: 'database' }, isHeldBack: true },
      { name: 'CircuitBreakerOpen', labels: { ...job, handoff_dependency: 'database' }, isHeldBack: true },
    ],
    begin: ({ postgres }) => postgres.kill9(),
    go: (world) => world.calls.handoff.burst(5, 'list_sessions'),
    end: ({ postgres }) => postgres.start(),
    recover: (world) => world.calls.handoff.burst(GOOD_CALLS, 'list_sessions'),
  },
  {
    name: 'Redis is killed',
    alerts: [
      { name: 'RedisUnavailable', labels: job },
      { name: 'PartUnhealthy', labels: { ...job, handoff_component_name: 'redis' }, isHeldBack: true },
    ],
    begin: async (world) => {
      await prepare(world);
      await world.redis.kill9();
    },
    // Each writes to the cache, and succeeds without it. All at once they would wait for each other's row until they are given up.
    go: async (world) => {
      for (let count = 0; count < GOOD_CALLS; count += 1) await handOff(world, 1);
    },
    end: ({ redis }) => redis.start(),
    recover: (world) => handOff(world, 1),
  },
];
