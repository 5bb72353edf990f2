import { EXPECTED_SCHEMA } from '../../../storage/migrate/expectedSchema.js';
import { migrationStateReader } from '../../../storage/migrate/migrationState.js';
import { missingParts, parsedParts, readSchemaParts } from '../../../storage/migrate/schemaParts.js';
import type { SchemaPart, SchemaPartKind } from '../../../storage/migrate/schemaParts.js';
import type { Check } from '../examination/check.js';
import { failure, fine, skipped } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';
import { onDatabase } from './onDatabase.js';

/** A database from which much is missing is not understood better by a longer list. */
const MAX_TOLD = 10;

const REMEDY =
  'Find out what removed it, and put it back, by a backup or by hand: handoff-otel migrate does not make again what the table handoff_migrations says was done.';

const SENTENCES: Readonly<Record<SchemaPartKind, (table: string, name: string) => string>> = {
  table: (_table, name) => `The table ${name} is missing.`,
  column: (table, name) => `The table ${table} has no column ${name}.`,
  type: (table, name) =>
    `The column ${name.split(' ', 1)[0]} of the table ${table} is not of the type ${name.slice(name.indexOf(' ') + 1)}.`,
  default: (table, name) => `The column ${name} of the table ${table} has no default.`,
  key: (table, name) =>
    `The table ${table} has no unique index on (${name.replace(/ where$/u, '')})${name.endsWith(' where') ? ' for part of its rows' : ''}.`,
  trigger: (table, name) => `The table ${table} has no trigger ${name}, or it is switched off.`,
  function: (_table, name) => `The function ${name} is missing.`,
  view: (_table, name) => `The view ${name} is missing.`,
};

export const schemaCheck: Check = onDatabase({
  name: 'database.schema',
  looksWhether: 'the tables, columns and their types, keys, triggers, functions and views that the migrations made are still there',
  look: async (database) => {
    const { kind } = await migrationStateReader(database)();
    if (kind !== 'current') return [skipped('Not looked at, because the database has not just the migrations of this version.')];
    const missing = missingParts(parsedParts(EXPECTED_SCHEMA), await readSchemaParts(database));
    return missing.length > 0 ? told(missing) : [fine('All that the migrations made is there.')];
  },
});

function told(missing: readonly SchemaPart[]): readonly Finding[] {
  const findings = missing.slice(0, MAX_TOLD).map(({ kind, table, name }) => failure(SENTENCES[kind](table, name), REMEDY));
  const others = missing.length - findings.length;
  return others === 0 ? findings : [...findings, failure(`${others} more parts of the schema are missing.`, REMEDY)];
}
