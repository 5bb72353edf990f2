import { describe, expect, it } from 'vitest';
import { openFailure } from '../../../../../src/handoff/storage/embedded/openFailure.js';

const code = (value: string): Error => Object.assign(new Error('failed'), { code: value });
const failed = new Error('PGlite failed to initialize properly');
const versions = (theirs: number, ours: string): string =>
  `DETAIL:  The data directory was initialized by PostgreSQL version ${theirs}, which is not compatible with this version ${ours}.`;

describe('openFailure', () => {
  it.each([
    ['newer_format', failed, [versions(19, '18.6')]],
    ['older_format', failed, [versions(17, '18.6')]],
    ['damaged', failed, ['FATAL:  incorrect checksum in control file']],
    ['damaged', failed, ['PANIC:  could not locate a valid checkpoint record at 0/1712C28', 'Aborted()']],
    [
      'damaged',
      failed,
      ['postgres: could not access the server configuration file "/pglite/data/postgresql.conf": No such file or directory'],
    ],
    ['disk_full', failed, ['PANIC:  could not write to file "pg_wal/xlogtemp.42": No space left on device']],
    ['disk_full', code('ENOSPC'), []],
    ['disk_full', { name: 'ErrnoError', errno: 51 }, []],
    ['not_writable', { name: 'ErrnoError', errno: 69 }, []],
    ['not_writable', failed, ['FATAL:  could not open file "global/pg_control": Permission denied']],
    ['not_writable', code('EROFS'), []],
    ['not_writable', code('EEXIST'), []],
    ['not_writable', code('ERR_SQLITE_ERROR'), []],
    ['damaged', code('DAMAGED_FOLDER'), []],
    ['lock_damaged', code('DAMAGED_LOCK'), []],
    ['package_missing', code('HANDOFF_MISSING_PEER'), []],
    ['unknown', new Error('something else'), ['LOG:  database system is ready']],
  ] as const)('is %s', (reason, error, printed) => {
    expect(openFailure(error, printed).reason).toBe(reason);
  });

  it('keeps the lines that explain it, and not the others', () => {
    const { detail } = openFailure(failed, ['LOG:  database system was interrupted', 'PANIC:  could not read file']);
    expect(detail).toBe('PANIC:  could not read file\nPGlite failed to initialize properly');
  });

  it.each([
    [{ name: 'ErrnoError', errno: 20 }, 'EEXIST'],
    [{ name: 'ErrnoError', errno: 54 }, 'ENOTDIR'],
    [{ name: 'ErrnoError', errno: 77 }, "the engine's file system failed with errno 77"],
    [{ status: 1, message: 'exit(1)' }, 'exit(1)'],
    [{ status: 7 }, 'the engine threw an object with status'],
    [{}, 'the engine threw an object with nothing in it'],
  ])('says in words what the engine throws that is no error: %j', (thrown, detail) => {
    expect(openFailure(thrown, []).detail).toBe(detail);
  });
});
