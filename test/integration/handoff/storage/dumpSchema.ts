import type { Queryable, Statement } from '../../../../src/handoff/storage/database.js';

interface Entry {
  readonly name: string;
  readonly definition: string;
}

/** Tables of the current schema that a date gave their name are left out: a dump must not depend on the day it was made. */
const ofOurs = String.raw`n.nspname = current_schema() AND c.relname !~ '_y\d{4}m\d{2}$'`;

const functions: Statement = {
  name: 'handoff_dump_functions',
  text: `SELECT p.proname AS name, trim(E'\\n' FROM pg_get_functiondef(p.oid)) || ';' AS definition
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = current_schema() AND p.prokind = 'f'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    ORDER BY p.proname, pg_get_function_identity_arguments(p.oid)`,
};

// contype 'n' (NOT NULL as a constraint) exists from PostgreSQL 18 on and repeats what the column says.
const tables: Statement = {
  name: 'handoff_dump_tables',
  text: `SELECT c.relname AS name, CASE
      WHEN c.relispartition THEN format('CREATE TABLE %I PARTITION OF %s %s;', c.relname,
        (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = c.oid), pg_get_expr(c.relpartbound, c.oid))
      ELSE format(E'CREATE TABLE %I (\\n%s\\n)%s%s;', c.relname,
        (SELECT string_agg('  ' || line, E',\\n' ORDER BY place, line) FROM (
          SELECT a.attnum::int AS place, format('%I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)) AS line
          FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          UNION ALL
          SELECT 10000, format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid))
          FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype <> 'n') AS lines),
        ' PARTITION BY ' || pg_get_partkeydef(c.oid), ' WITH (' || array_to_string(c.reloptions, ', ') || ')')
      END AS definition
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ofOurs} AND c.relkind IN ('r', 'p')
    ORDER BY c.relispartition, c.relname`,
};

/** Only indexes that no constraint and no partitioned parent brings along. */
const indexes: Statement = {
  name: 'handoff_dump_indexes',
  text: `SELECT i.relname AS name, pg_get_indexdef(i.oid) || ';' AS definition
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ofOurs} AND NOT i.relispartition AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.conrelid = c.oid)
    ORDER BY c.relname, i.relname`,
};

const triggers: Statement = {
  name: 'handoff_dump_triggers',
  text: `SELECT t.tgname AS name, pg_get_triggerdef(t.oid) || ';' AS definition
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ofOurs} AND NOT t.tgisinternal
    ORDER BY c.relname, t.tgname`,
};

const views: Statement = {
  name: 'handoff_dump_views',
  text: `SELECT c.relname AS name, format('CREATE VIEW %I AS', c.relname) || E'\\n' || pg_get_viewdef(c.oid) AS definition
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ofOurs} AND c.relkind = 'v'
    ORDER BY c.relname`,
};

/**
 * The schema as SQL text, from the catalogues: the same for the same schema on every supported server and every day,
 * which pg_dump's is not. It is for people and for the golden file `migrations/schema.sql`, not for restoring.
 */
export async function dumpSchema(q: Queryable): Promise<string> {
  const parts: string[] = ['-- What the migrations make of an empty database, without the monthly partitions. Generated: do not edit.'];
  for (const statement of [functions, tables, indexes, triggers, views]) {
    const entries = await q.query<Entry>(statement);
    parts.push(...entries.map(({ definition }) => definition.replaceAll(/\bpublic\./g, '').trim()));
  }
  return `${parts.join('\n\n')}\n`;
}
