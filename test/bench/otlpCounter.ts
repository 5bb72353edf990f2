import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { OtlpCounts } from './otlpCounterProcess.js';

/** An OTLP/HTTP receiver in another process that only counts. */
export interface OtlpCounter {
  readonly url: string;
  readonly pid: number;
  counts(): Promise<OtlpCounts>;
  close(): Promise<void>;
}

export async function startOtlpCounter(): Promise<OtlpCounter> {
  const child = fork(fileURLToPath(new URL('./otlpCounterProcess.ts', import.meta.url)), {
    execArgv: ['--import', new URL('../../tools/resolveSource.mjs', import.meta.url).href],
  });
  const [port] = (await once(child, 'message')) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    counts: async () => {
      child.send('counts');
      const [counts] = (await once(child, 'message')) as [OtlpCounts];
      return counts;
    },
    close: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
