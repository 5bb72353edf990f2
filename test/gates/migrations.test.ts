import { expect, it } from 'vitest';
import { createMiniProject } from './miniProject.js';

const clean = {
  'migrations/000001_tables.sql':
    'CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz NOT NULL);\nCREATE INDEX events_at_idx ON events (at);\n',
  'migrations/000002_index.sql': 'CREATE INDEX CONCURRENTLY IF NOT EXISTS events_id_idx ON events (id);\n',
};

it('passes migrations that leave writers alone', async () => {
  const project = await createMiniProject(clean);
  expect((await project.npmRun('migrations')).exitCode).toBe(0);
});

it.each([
  ['an index that blocks writers', 'CREATE INDEX events_id_idx ON events (id);', 'require-concurrent-index-creation'],
  ['a column that becomes mandatory', 'ALTER TABLE events ALTER COLUMN note SET NOT NULL;', 'adding-not-nullable-field'],
  ['a column whose type changes', 'ALTER TABLE events ALTER COLUMN id TYPE numeric;', 'changing-column-type'],
  ['a constraint that reads every row', 'ALTER TABLE events ADD CONSTRAINT positive CHECK (id > 0);', 'constraint-missing-not-valid'],
  ['a column that gets another name', 'ALTER TABLE events RENAME COLUMN at TO happened_at;', 'renaming-column'],
  ['a table that goes', 'DROP TABLE events;', 'ban-drop-table'],
])('fails for %s', async (_what, sql, rule) => {
  const project = await createMiniProject({ ...clean, 'migrations/000003_change.sql': `${sql}\n` });
  const { exitCode, output } = await project.npmRun('migrations');
  expect(output).toContain(rule);
  expect(exitCode).not.toBe(0);
});
