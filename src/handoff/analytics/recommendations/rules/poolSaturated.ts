import { changeOf } from '../settingChange.js';
import type { Rule } from '../rule.js';

const LEAST_SAMPLES = 60;
const LEAST_MEAN_WAITING = 0.1;
const MOST_CONNECTIONS = 200;

export const poolSaturated: Rule = {
  code: 'pool_saturated',
  title: 'Calls wait for a connection to the database',
  severity: 'warning',
  needs: ['pool'],
  when: `in ${LEAST_SAMPLES} samples or more, ${LEAST_MEAN_WAITING} calls or more were waiting for a connection on average, and PostgreSQL has connections left`,
  source: 'ours: with a pool that is large enough nobody waits, and most samples miss a short wait',
  find: ({ pool }) => {
    if (pool === undefined || pool.samples < LEAST_SAMPLES || pool.meanWaitingCalls < LEAST_MEAN_WAITING) return [];
    const { poolSize, freeServerConnections, from, to } = pool;
    // Half of what is left stays for others, such as more replicas.
    const size = Math.min(poolSize * 2, poolSize + Math.floor(freeServerConnections / 2), MOST_CONNECTIONS);
    if (size <= poolSize) return [];
    return [
      {
        subject: null,
        evidence: [
          { name: 'samples', value: pool.samples, unit: 'samples', from, to },
          { name: 'calls waiting, on average', value: pool.meanWaitingCalls, unit: 'calls', from, to },
          { name: 'calls waiting, at most', value: pool.highestWaitingCalls, unit: 'calls', from, to },
          { name: 'connections in use, on average', value: pool.meanUsedConnections, unit: 'connections', from, to },
          { name: 'connections that the server may still open', value: freeServerConnections, unit: 'connections', from: to, to },
        ],
        expectedEffect: `Up to ${size - poolSize} more calls at the same time reach the database without waiting. Deal with slow statements first: they hold connections for longer than needed.`,
        change: changeOf('HANDOFF_PG_POOL_SIZE', poolSize, size),
        howToCheck: 'db_client_connection_pending_requests stays at 0 at the busiest time of a day.',
      },
    ];
  },
};
