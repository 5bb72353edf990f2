import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Findings } from './examine.js';
import type { Package } from './packages.js';
import { cleanEnv } from './programRuns.js';

const RESOLVE_SOURCE = new URL('../../tools/resolveSource.mjs', import.meta.url).href;
const CHILD = join(import.meta.dirname, 'child.ts');
const PATIENCE_MS = 120_000;

/** Every row on each package, each in a process of its own, two at a time. */
export async function examineAll(packages: readonly Package[], progress: (line: string) => void): Promise<ReadonlyMap<string, Findings>> {
  const found = new Map<string, Findings>();
  const waiting = [...packages];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const startMs = performance.now();
      found.set(next.name, await examineApart(next));
      progress(`${next.title}: ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
    }
  };
  await Promise.all([work(), work()]);
  return found;
}

function examineApart({ name }: Package): Promise<Findings> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, [name], {
      execArgv: ['--import', RESOLVE_SOURCE],
      env: cleanEnv(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
    });
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
    child.once('message', (message) => {
      resolve(message as Findings);
    });
    child.once('exit', (code) => {
      // Says which row was under way when it ended without its findings.
      reject(new Error(`${name} ended with ${code ?? 'a signal'}:\n${errors}`));
    });
  });
}
