import type { Statement } from '../../../storage/database.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';
import { onDatabase } from './onDatabase.js';

/** `reserved_connections` is new in PostgreSQL 16. */
const CONNECTIONS: Statement = {
  name: 'handoff_doctor_connections',
  text: `
SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true), '0')::int AS server_limit,
  (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS role_limit,
  (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database_limit,
  (SELECT count(DISTINCT (client_addr, client_port))::int FROM pg_stat_activity
    WHERE application_name = 'ai-handoff-mcp' AND datname = current_database()) AS server_connections,
  (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name NOT IN ('ai-handoff-mcp', 'handoff-otel doctor'))
    AS other_connections`,
};

interface ConnectionsRow {
  /** What is left of `max_connections` for those who are no superusers. */
  readonly server_limit: number;
  /** -1: none. */
  readonly role_limit: number;
  readonly database_limit: number;
  readonly server_connections: number;
  readonly other_connections: number;
}

export const connectionsCheck: Check = onDatabase({
  name: 'database.connections',
  looksWhether: '`max_connections`, and the limits of role and database, leave room for the pools of all processes (`--replicas`)',
  look: async (database, { settings, options }) => {
    const [row] = await database.query<ConnectionsRow>(CONNECTIONS);
    return row === undefined ? [] : [findingOf(row, settings.HANDOFF_PG_POOL_SIZE, options.replicas)];
  },
});

function findingOf(row: ConnectionsRow, poolSize: number, replicas: number | undefined): Finding {
  const limits = [row.server_limit, row.role_limit, row.database_limit].filter((limit) => limit >= 0);
  const limit = Math.min(...limits);
  // Where nobody says how many there are, those that have connections now are at least as many as those connections need.
  const processes = replicas ?? Math.max(1, Math.ceil(row.server_connections / poolSize));
  const wanted = processes * poolSize;
  const who = processes === 1 ? 'The pool of one process' : `The pools of ${processes} processes`;
  const says = `${who} may open ${wanted} connections, and the database allows ${limit}`;
  if (wanted > limit)
    return failure(
      `${says}.`,
      `Lower HANDOFF_PG_POOL_SIZE to ${Math.max(1, Math.floor(limit / processes))}, raise max_connections or the limit of the role, or put a pooler in front.`,
    );
  if (wanted + row.other_connections > limit)
    return warning(
      `${says}, of which others hold ${row.other_connections}.`,
      'Raise max_connections, lower HANDOFF_PG_POOL_SIZE, or find out whose connections those are (pg_stat_activity).',
    );
  return fine(`${says}.`);
}
