import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ProbeReport } from './probeProcess.js';

/** Probes an admin port from a process of its own until it is told to stop. */
export function startProbing(adminUrl: string): () => Promise<ProbeReport> {
  const child = fork(fileURLToPath(new URL('./probeProcess.ts', import.meta.url)), {
    execArgv: ['--import', new URL('../../../tools/resolveSource.mjs', import.meta.url).href],
  });
  child.send(adminUrl);
  return async () => {
    const reported = once(child, 'message') as Promise<[ProbeReport]>;
    child.send('over');
    const [report] = await reported;
    return report;
  };
}
