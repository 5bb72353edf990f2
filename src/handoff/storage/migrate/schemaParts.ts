import type { Queryable, Statement } from '../database.js';
import { OUR_SCHEMA } from '../ourSchema.js';

/** What statements of the server rely on. The names of the kinds are those of docs/doctor.md. */
export type SchemaPartKind = 'table' | 'column' | 'type' | 'default' | 'key' | 'trigger' | 'function' | 'view';

export interface SchemaPart {
  readonly kind: SchemaPartKind;
  /** The table that it belongs to; empty for what belongs to none, or is a table itself. */
  readonly table: string;
  /** Of a type: the column and its type. Of a key: what has to be unique, in the order of the index, and at last whether for all rows. */
  readonly name: string;
}

/**
 * Without what does not make a statement fail: checks, foreign keys and indexes that are only for speed. Neither partitions, of
 * which the calendar decides, nor what an extension brought along. A trigger that is switched off is none. Quotation marks around names of
 * columns and types come and go with `quote_all_identifiers`.
 */
const SCHEMA_PARTS: Statement = {
  name: 'handoff_schema_parts',
  text: `
WITH ours AS (
  SELECT c.oid, c.relname::text AS relname, c.relkind FROM pg_class c
  WHERE c.relnamespace = ${OUR_SCHEMA} AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
), parts (kind, "table", name) AS (
SELECT CASE relkind WHEN 'v' THEN 'view' ELSE 'table' END, '', relname FROM ours
UNION ALL
SELECT part, ours.relname, a.attname || CASE part WHEN 'type' THEN ' ' || replace(format_type(a.atttypid, a.atttypmod), '"', '') ELSE '' END
FROM ours JOIN pg_attribute a ON a.attrelid = ours.oid AND a.attnum > 0 AND NOT a.attisdropped,
  unnest(ARRAY['column', 'type', 'default']) part
WHERE ours.relkind <> 'v' AND (part <> 'default' OR a.atthasdef OR a.attidentity <> '')
UNION ALL
SELECT 'key', ours.relname, (SELECT string_agg(replace(pg_get_indexdef(x.indexrelid, n, true), '"', ''), ', ' ORDER BY n)
    FROM generate_series(1, x.indnkeyatts) n)
  || CASE WHEN x.indpred IS NULL THEN '' ELSE ' where' END
FROM ours JOIN pg_index x ON x.indrelid = ours.oid WHERE x.indisunique AND x.indisvalid
UNION ALL
SELECT 'trigger', ours.relname, t.tgname::text
FROM ours JOIN pg_trigger t ON t.tgrelid = ours.oid WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
UNION ALL
SELECT 'function', '', p.proname::text
FROM pg_proc p WHERE p.pronamespace = ${OUR_SCHEMA} AND p.prokind = 'f'
)
SELECT kind, "table", name FROM parts ORDER BY kind COLLATE "C", "table" COLLATE "C", name COLLATE "C"`,
};

/** Returns the parts of the schema that our tables are in, those of others too. Rejects like any statement. */
export function readSchemaParts(database: Queryable): Promise<readonly SchemaPart[]> {
  return database.query<SchemaPart>(SCHEMA_PARTS);
}

/** Returns the parts that one side has and the other lacks, in their order. */
export function missingParts(expected: readonly SchemaPart[], found: readonly SchemaPart[]): readonly SchemaPart[] {
  const there = new Set(found.map(keyOf));
  const lacking = expected.filter((part) => !there.has(keyOf(part)));
  const tables = new Set(lacking.filter(({ kind }) => kind === 'table').map(({ name }) => name));
  const columns = new Set(lacking.filter(({ kind }) => kind === 'column').map(({ table, name }) => `${table}.${name}`));
  // That a table is missing says that all of it is, and so for the type and the default of a column.
  const isSaid = ({ kind, table, name }: SchemaPart): boolean =>
    tables.has(table) || ((kind === 'type' || kind === 'default') && columns.has(`${table}.${name.split(' ', 1)[0]}`));
  return lacking.filter((part) => !isSaid(part));
}

function keyOf({ kind, table, name }: SchemaPart): string {
  return `${kind} ${table}: ${name}`;
}

/** A line for the parts of one kind of one table; `parsedParts` reads them back. */
export function partLines(parts: readonly SchemaPart[]): string {
  const lines = new Map<string, string[]>();
  for (const { kind, table, name } of parts) {
    const of = `${kind} ${table}`;
    lines.set(of, [...(lines.get(of) ?? []), name]);
  }
  return [...lines].map(([of, names]) => `${of}: ${names.join(' | ')}\n`).join('');
}

export function parsedParts(lines: string): readonly SchemaPart[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const [of = '', names = ''] = [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)];
      const [kind = '', table = ''] = of.split(' ');
      return names.split(' | ').map((name) => ({ kind: kind as SchemaPartKind, table, name }));
    });
}
