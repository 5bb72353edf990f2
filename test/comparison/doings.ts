import { fork } from 'node:child_process';
import { join } from 'node:path';
import { cleanEnv } from './programRuns.js';
import type { Mode } from './subject.js';

/** What a package does at one call. */
export interface Doings {
  readonly spans: boolean;
  /** Whether it reads the trace context of the caller. */
  readonly reads: boolean;
}

const RESOLVE_SOURCE = new URL('../../tools/resolveSource.mjs', import.meta.url).href;
const CHILD = join(import.meta.dirname, 'doingsChild.ts');
const PATIENCE_MS = 30_000;

/** In a process of its own: a switch thrown here must find nothing that ran before it. */
export function doingsApart(name: string, mode: Mode): Promise<Doings> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, [name, mode], {
      execArgv: ['--import', RESOLVE_SOURCE],
      env: cleanEnv(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
    });
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
    child.once('message', (message) => {
      resolve(message as Doings);
    });
    child.once('exit', (code) => {
      reject(new Error(`${name} (${mode}) ended with ${code ?? 'a signal'}:\n${errors}`));
    });
  });
}
