import type { Statement } from '../../../storage/database.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';
import { onDatabase } from './onDatabase.js';

/**
 * `reserved_connections` is new in PostgreSQL 16. A role that is no superuser does not see of which kind the connections of other roles
 * are: those with a user and a database are of clients.
 */
const CONNECTIONS: Statement = {
  name: 'handoff_doctor_connections',
  text: `
WITH clients AS (
  SELECT usename = current_user AS of_role, datname = current_database() AS of_database,
    application_name = 'ai-handoff-mcp' AND datname = current_database() AS of_server
  FROM pg_stat_activity
  WHERE coalesce(backend_type = 'client backend', usename IS NOT NULL AND datname IS NOT NULL) AND application_name <> 'handoff-otel doctor'
)
SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true), '0')::int AS server_limit,
  (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS role_limit,
  (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database_limit,
  count(*) FILTER (WHERE of_server)::int AS server_connections,
  count(*) FILTER (WHERE NOT of_server)::int AS other_connections,
  count(*) FILTER (WHERE NOT of_server AND of_role)::int AS others_of_role,
  count(*) FILTER (WHERE NOT of_server AND of_database)::int AS others_of_database
FROM clients`,
};

interface ConnectionsRow {
  /** What is left of `max_connections` for those who are no superusers. */
  readonly server_limit: number;
  /** -1: none. */
  readonly role_limit: number;
  readonly database_limit: number;
  /** Of the handoff servers of this database. */
  readonly server_connections: number;
  /** Of everybody else, and those of them that count against the limits of the role and of the database. */
  readonly other_connections: number;
  readonly others_of_role: number;
  readonly others_of_database: number;
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
  const limits = [
    { limit: row.server_limit, others: row.other_connections },
    { limit: row.role_limit, others: row.others_of_role },
    { limit: row.database_limit, others: row.others_of_database },
  ].filter(({ limit }) => limit >= 0);
  const limit = Math.min(...limits.map((each) => each.limit));
  // Where nobody says how many there are, those that have connections now are at least as many as those connections need.
  const processes = replicas ?? Math.max(1, Math.ceil(row.server_connections / poolSize));
  const wanted = processes * poolSize;
  const who = processes === 1 ? 'The pool of one process' : `The pools of ${processes} processes`;
  const says = `${who} may open ${wanted} connections, and the database allows `;
  if (wanted > limit)
    return failure(
      `${says}${limit}.`,
      `Lower HANDOFF_PG_POOL_SIZE to ${Math.max(1, Math.floor(limit / processes))}, raise max_connections or the limit of the role, or put a pooler in front.`,
    );
  const short = limits.find((each) => wanted + each.others > each.limit);
  if (short !== undefined)
    return warning(
      `${says}${short.limit}, of which others hold ${short.others}.`,
      'Raise max_connections, lower HANDOFF_PG_POOL_SIZE, or find out whose connections those are (pg_stat_activity).',
    );
  return fine(`${says}${limit}.`);
}
