import type { Statement } from '../../../storage/database.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';
import { onDatabase } from './onDatabase.js';
import { OUR_SCHEMA, OUR_SCHEMA_NAME } from '../../../storage/ourSchema.js';

/**
 * $1: the schema of the job queue. A right on single columns passes, as it does for the health of a server, since calls may need no
 * other. There is none to delete.
 */
const RIGHTS: Statement = {
  name: 'handoff_doctor_rights',
  text: `
SELECT quote_ident(current_user) AS role, ${OUR_SCHEMA_NAME} AS schema,
  has_schema_privilege(${OUR_SCHEMA}, 'CREATE') AS may_create,
  has_database_privilege(current_database(), 'CREATE') AS may_create_schema,
  (SELECT count(*) > 0 FROM pg_namespace WHERE nspname = $1) AS has_job_schema,
  ARRAY(
    SELECT c.relname::text FROM pg_class c
    WHERE c.relnamespace = ${OUR_SCHEMA} AND c.relkind IN ('r', 'p')
      AND c.relname IN ('sessions', 'context_history', 'handoff_requests', 'session_lifecycle', 'handoff_migrations')
      AND NOT (has_any_column_privilege(c.oid, 'SELECT') AND has_any_column_privilege(c.oid, 'INSERT')
        AND has_any_column_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
    ORDER BY c.relname
  ) AS closed_tables,
  ARRAY(
    SELECT c.relname::text FROM pg_class c
    WHERE c.relnamespace = ${OUR_SCHEMA} AND c.relkind IN ('r', 'p')
      AND c.relname IN ('sessions', 'context_history', 'handoff_requests', 'session_lifecycle', 'handoff_migrations')
      AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE'))
    ORDER BY c.relname
  ) AS partly_open_tables,
  ARRAY(
    SELECT c.relname::text FROM pg_class c
    WHERE c.relnamespace = ${OUR_SCHEMA} AND c.relkind IN ('r', 'p')
      AND c.relname IN ('sessions', 'context_history', 'handoff_requests', 'session_lifecycle')
      AND NOT pg_has_role(c.relowner, 'USAGE')
    ORDER BY c.relname
  ) AS foreign_tables`,
};

interface RightsRow {
  readonly role: string;
  /** NULL where no schema of the search path exists. */
  readonly schema: string | null;
  readonly may_create: boolean | null;
  readonly may_create_schema: boolean;
  readonly has_job_schema: boolean;
  readonly closed_tables: readonly string[];
  /** Those and the ones of which only single columns may be used. */
  readonly partly_open_tables: readonly string[];
  readonly foreign_tables: readonly string[];
}

export const rightsCheck: Check = onDatabase({
  name: 'database.rights',
  looksWhether: 'the role may create what migrations and the job queue create, and use the tables that are there',
  look: async (database, { settings }) => {
    const [row] = await database.query<RightsRow>(RIGHTS, [settings.HANDOFF_JOBS_SCHEMA]);
    if (row === undefined) return [];
    const findings = [...schemaFindings(row), ...tableFindings(row), ...jobFindings(row, settings.HANDOFF_JOBS_SCHEMA)];
    return findings.length > 0 ? findings : [fine(soundText(row))];
  },
});

function soundText({ role, partly_open_tables: partly }: RightsRow): string {
  if (partly.length === 0) return `The role ${role} has the rights that the server needs.`;
  return `The role ${role} may use the tables. Its rights on ${partly.join(', ')} are on single columns, which were not looked at one by one.`;
}

function schemaFindings({ role, schema, may_create: mayCreate }: RightsRow): readonly Finding[] {
  if (schema === null)
    return [
      failure(
        `No schema in the search path of the role ${role} exists.`,
        `Create one, or run ALTER ROLE ${role} SET search_path TO public.`,
      ),
    ];
  if (mayCreate === true) return [];
  return [
    failure(
      `The role ${role} may not create tables in the schema ${schema}.`,
      `Run GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${role} as its owner.`,
    ),
  ];
}

function tableFindings({ role, closed_tables: closed, foreign_tables: foreign }: RightsRow): readonly Finding[] {
  return [
    ...(closed.length === 0
      ? []
      : [
          failure(
            `The role ${role} may not read and write ${closed.join(', ')}.`,
            `Run GRANT SELECT, INSERT, UPDATE, DELETE ON ${closed.join(', ')} TO ${role} as their owner.`,
          ),
        ]),
    ...(foreign.length === 0
      ? []
      : [
          warning(
            `${foreign.join(', ')} belong to another role, so that ${role} can neither migrate them nor make and drop their partitions by the month.`,
            `Make ${role} a member of the role that owns them, or run ALTER TABLE … OWNER TO ${role} for each.`,
          ),
        ]),
  ];
}

function jobFindings({ role, may_create_schema: mayCreate, has_job_schema: isThere }: RightsRow, schema: string): readonly Finding[] {
  if (isThere || mayCreate) return [];
  return [
    failure(
      `The role ${role} may not create the schema ${schema} of the job queue, which does not exist yet.`,
      `Run CREATE SCHEMA ${schema} AUTHORIZATION ${role} as the owner of the database.`,
    ),
  ];
}
