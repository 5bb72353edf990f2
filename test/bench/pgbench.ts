import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { insertEntry } from '../../src/handoff/sessions/sql/insertEntry.js';
import { postgresBinaries } from '../setup/postgresBinaries.js';
import { entryArguments } from './updateContextLoad.js';

const run = promisify(execFile);
const PROGRAM = 'pgbench';

/** `pgbench`, which the machine's PostgreSQL brings and the embedded one does not; `undefined` without it. */
export async function findPgbench(): Promise<string | undefined> {
  const folders = [await postgresBinaries(), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, PROGRAM)).find((program) => existsSync(program));
}

export interface PgbenchOptions {
  readonly program: string;
  readonly databaseUrl: string;
  readonly connections: number;
  /** Whether each connection writes to a session of its own or all to one. The keys are `1000`, `1001`, …: pgbench joins no text. */
  readonly sessions: 'own' | 'one';
  readonly durationMs: number;
}

/** First of the session keys pgbench writes to. */
export const FIRST_PGBENCH_KEY = 1000;

/** Rate at which `pgbench` gets the server's own statement done, prepared, calls a second. */
export async function pgbenchRate({ program, databaseUrl, connections, sessions, durationMs }: PgbenchOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-pgbench-'));
  try {
    const script = join(folder, 'update_context.sql');
    writeFileSync(script, scriptText(sessions));
    const args = ['-n', '-M', 'prepared', '-c', String(connections), '-j', '1', '-T', String(Math.max(1, Math.round(durationMs / 1000)))];
    const { stdout } = await run(program, [
      ...args,
      '-D',
      `content=${entryArguments(0).content}`,
      '-D',
      `metadata=${metadata()}`,
      '-f',
      script,
      databaseUrl,
    ]);
    const rate = /tps = ([\d.]+) \(without initial/.exec(stdout)?.[1];
    if (rate === undefined) throw new Error(`pgbench did not say its rate:\n${stdout}`);
    return Number(rate);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The statement with pgbench's variables for the parameters. It gives each use one of its own, so content travels twice. */
function scriptText(sessions: 'own' | 'one'): string {
  const variables = [':key', "'message'", ':content', ':metadata', 'NULL', 'NULL'];
  const statement = insertEntry.text.replace(/\$(\d)/g, (parameter, number: string) => variables[Number(number) - 1] ?? parameter);
  return `\\set key ${FIRST_PGBENCH_KEY}${sessions === 'own' ? ' + :client_id' : ''}\n${statement.trim()};\n`;
}

function metadata(): string {
  return JSON.stringify({ agent: 'bench', timestamp: new Date(0).toISOString() });
}
