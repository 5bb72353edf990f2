import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Received } from './tally.js';

/** A receiver of telemetry in another process, which only counts. */
export interface Receiver {
  readonly port: number;
  readonly pid: number;
  /** What came so far, by the first part of the path that it was sent to. */
  received(): Promise<Readonly<Record<string, Received>>>;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const child = fork(fileURLToPath(new URL('./receiverProcess.ts', import.meta.url)), {
    execArgv: ['--import', new URL('../../../tools/resolveSource.mjs', import.meta.url).href],
  });
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    pid: child.pid ?? 0,
    received: async () => {
      child.send('received');
      const [all] = (await once(child, 'message')) as [Readonly<Record<string, Received>>];
      return all;
    },
    close: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
