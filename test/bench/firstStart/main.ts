import { spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Time from the start of `handoff-otel serve --stdio` on an empty data folder to its first answer: with the prepared
// database of the package, and without it. The two take turns, so that a busy machine slows both.
//
// `npm run bench first-start -- [rounds, default 5] [--check]`; with `--check` the exit code is 1 above the budget.

/** Of the median with the prepared database, on two idle cores. */
const BUDGET_MS = 2000;

const dist = join(import.meta.dirname, '..', '..', '..', 'dist');
const prepared = join(dist, 'handoff', 'storage', 'embedded', 'prepared.br');
const rounds = Number(process.argv.slice(2).find((argument) => /^\d+$/u.test(argument)) ?? 5);
const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
};

async function firstAnswerMs(): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'handoff-first-start-'));
  const startMs = performance.now();
  const env = { PATH: process.env['PATH'] ?? '', HANDOFF_DATA_DIR: dataDir, OTEL_SDK_DISABLED: 'true' };
  const server = spawn(process.execPath, [join(dist, 'cli.js'), 'serve', '--stdio'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => server.once('close', resolve));
  try {
    server.stdin.write(`${JSON.stringify(initialize)}\n`);
    const answered = new Promise<number>((resolve) => server.stdout.once('data', () => resolve(performance.now() - startMs)));
    const died = ended.then((code) => {
      throw new Error(`the server ended with ${String(code)} and did not answer`);
    });
    return await Promise.race([answered, died]);
  } finally {
    server.stdin.end();
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function withoutPrepared(): Promise<number> {
  renameSync(prepared, `${prepared}.away`);
  try {
    return await firstAnswerMs();
  } finally {
    renameSync(`${prepared}.away`, prepared);
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const figures: Record<'prepared' | 'from nothing', number[]> = { prepared: [], 'from nothing': [] };
for (let round = 0; round < rounds; round += 1) {
  figures.prepared.push(await firstAnswerMs());
  figures['from nothing'].push(await withoutPrepared());
}
for (const [what, values] of Object.entries(figures)) {
  process.stdout.write(
    `${what.padEnd(13)} median ${(median(values) / 1000).toFixed(2)} s (${values.map((ms) => (ms / 1000).toFixed(2)).join(', ')})\n`,
  );
}
const ratio = median(figures['from nothing']) / median(figures.prepared);
process.stdout.write(`${ratio.toFixed(1)} times as fast\n`);
if (process.argv.includes('--check') && median(figures.prepared) > BUDGET_MS) process.exitCode = 1;
