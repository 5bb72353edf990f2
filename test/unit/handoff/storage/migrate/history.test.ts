import { describe, expect, it } from 'vitest';
import { pendingMigrations } from '../../../../../src/handoff/storage/migrate/history.js';
import type { Migration } from '../../../../../src/handoff/storage/migrate/migrationFiles.js';

const file = (version: number, checksum = `sum${version}`): Migration => ({
  version,
  name: `m${version}`,
  text: '',
  checksum,
  inTransaction: true,
});
const row = (version: number, checksum = `sum${version}`): { version: number; name: string; checksum: string } => ({
  version,
  name: `m${version}`,
  checksum,
});

describe('pendingMigrations', () => {
  it('lists what the database lacks, in order', () => {
    expect(pendingMigrations([file(1), file(2), file(3)], [row(1)]).map(({ version }) => version)).toEqual([2, 3]);
    expect(pendingMigrations([file(1)], [row(1)])).toEqual([]);
  });

  it('refuses a file that changed after it was applied', () => {
    expect(() => pendingMigrations([file(1, 'new'), file(2)], [row(1, 'old')])).toThrow(
      expect.objectContaining({
        code: 'HANDOFF_MIGRATION_CHANGED',
        data: { migration: { version: 1, name: 'm1' }, appliedChecksum: 'old', fileChecksum: 'new' },
      }),
    );
    expect(() => pendingMigrations([file(1, 'new')], [row(1, 'old')])).toThrow(/000001_m1 .* new migration/);
  });

  it('refuses a database some of whose migrations have no file', () => {
    expect(() => pendingMigrations([file(2)], [row(1), row(2)])).toThrow(
      expect.objectContaining({ code: 'HANDOFF_MIGRATION_MISSING', data: { missing: [{ version: 1, name: 'm1' }] } }),
    );
  });

  it('refuses a database that a newer release migrated, naming both', () => {
    expect(() => pendingMigrations([file(1)], [row(1), row(2)])).toThrow(
      expect.objectContaining({ code: 'HANDOFF_DATABASE_NEWER', data: { newestKnown: 1, unknown: [{ version: 2, name: 'm2' }] } }),
    );
    expect(() => pendingMigrations([file(1)], [row(1), row(2)])).toThrow(/000002_m2.*up to 000001.*Upgrade/);
  });
});
