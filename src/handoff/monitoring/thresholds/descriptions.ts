import { alertNames } from '../../../telemetry/catalogue/alerts.js';
import type { AlertName } from '../../../telemetry/catalogue/alerts.js';

/** What people are told of an alert. */
export interface AlertDescription {
  /** Name in Pascal case. */
  readonly title: string;
  readonly unit: 'ms' | '%';
  /** Whose figure it is: of all servers of a database together, of one process, or of one machine. */
  readonly scope: 'service' | 'server' | 'host';
  /** What the figure is. Begins a sentence. */
  readonly subject: string;
  readonly advice: string;
}

export const descriptions: Readonly<Record<AlertName, AlertDescription>> = {
  response_time: {
    title: 'HandoffResponsesSlow',
    unit: 'ms',
    scope: 'service',
    subject: 'The response time of calls (95th percentile)',
    advice:
      'Look in /health for the part that is slow, at the slowest statements in handoff://metrics, and whether more replicas are needed.',
  },
  error_rate: {
    title: 'HandoffCallsFail',
    unit: '%',
    scope: 'service',
    subject: 'The share of calls that failed inside the server',
    advice: 'Look in /health for the part that fails, and in the log for the error types and traces of failed calls.',
  },
  statement_time: {
    title: 'HandoffStatementsSlow',
    unit: 'ms',
    scope: 'service',
    subject: 'The duration of an SQL statement (95th percentile)',
    advice:
      'Look at locks, at the load of the database, and whether autovacuum keeps up; EXPLAIN shows the plan of the statement that is named.',
  },
  memory: {
    title: 'HandoffMemoryHigh',
    unit: '%',
    scope: 'server',
    subject: 'The memory of a server, in share of its limit',
    advice:
      'Read the record handoff.memory.report for what takes it. Raise the limit of the container or --max-old-space-size, or lower HANDOFF_CACHE_MAX_BYTES.',
  },
  disk: {
    title: 'HandoffDiskFilling',
    unit: '%',
    scope: 'host',
    subject: 'The file system of the data folder',
    advice: 'Free space on it, make it larger, or keep less: handoff-otel retention report says what takes the space and what to change.',
  },
  database_pool: {
    title: 'HandoffPoolSaturated',
    unit: '%',
    scope: 'server',
    subject: 'The use of the connection pool of a server',
    advice: 'Look for slow statements and locks first; then raise HANDOFF_PG_POOL_SIZE within max_connections, or add replicas.',
  },
  event_loop: {
    title: 'HandoffEventLoopSaturated',
    unit: '%',
    scope: 'server',
    subject: 'The share of the time in which the main thread of a server was busy',
    advice: 'Spread the calls over more processes, or record a CPU profile to find what takes the time.',
  },
};

/** For names that a newer version has written. */
const UNKNOWN: AlertDescription = {
  title: 'HandoffAlert',
  unit: '%',
  scope: 'service',
  subject: 'A figure of another server',
  advice: 'Look at the log and the health of the server that raised the alert.',
};

export function descriptionOf(name: string): AlertDescription {
  return isAlertName(name) ? descriptions[name] : UNKNOWN;
}

function isAlertName(name: string): name is AlertName {
  return (alertNames as readonly string[]).includes(name);
}
