import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/** The server that a standby copies and follows. */
export interface StandbySource {
  readonly url: string;
  /** The port by which the standby reaches it, such as that of a proxy. Default: its own. */
  readonly port?: number;
  /** What the primary calls the standby, in `synchronous_standby_names`. */
  readonly name: string;
}

/**
 * Copies the data of a running server on this machine into `folder`, by PostgreSQL's own backup protocol, and makes it that of a standby.
 * Not by `pg_basebackup`, which the package of the tests' own PostgreSQL lacks.
 */
export async function copyForStandby({ url }: StandbySource, folder: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Kept for the standby until it has caught up.
    await client.query("ALTER SYSTEM SET wal_keep_size = '256MB'");
    await client.query('SELECT pg_reload_conf()');
    const { rows } = await client.query<{ folder: string }>("SELECT current_setting('data_directory') AS folder");
    await client.query("SELECT pg_backup_start('standby', true)");
    // A file that goes away meanwhile is no harm: the log has it.
    await run('cp', ['-a', `${rows[0]?.folder ?? ''}/.`, folder]).catch(() => undefined);
    const { rows: stopped } = await client.query<{ label: string }>('SELECT labelfile AS label FROM pg_backup_stop(false)');
    for (const name of ['postmaster.pid', 'postmaster.opts', 'postgresql.auto.conf']) rmSync(join(folder, name), { force: true });
    for (const [name, text] of [
      ['backup_label', stopped[0]?.label ?? ''],
      ['standby.signal', ''],
      ['postgresql.auto.conf', ''],
    ] as const)
      writeFileSync(join(folder, name), text);
    await run('chown', ['-R', '--reference', join(folder, 'PG_VERSION'), folder]);
  } finally {
    await client.end();
  }
}

export function standbySettings({ url, port, name }: StandbySource): Record<string, string> {
  const { password, port: own } = new URL(url);
  const secret = decodeURIComponent(password);
  return {
    primary_conninfo: `host=127.0.0.1 port=${port ?? own} user=postgres password=${secret} application_name=${name}`,
    hot_standby: 'on',
  };
}
