import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SinkBytes, SinkPorts } from './sinkProcess.js';

/** Back ends that throw everything away, in a process of their own. */
export interface Sink extends AsyncDisposable {
  readonly ports: SinkPorts;
  readonly pid: number;
  bytes(): Promise<SinkBytes>;
}

export async function startSink(): Promise<Sink> {
  const child = fork(fileURLToPath(new URL('./sinkProcess.ts', import.meta.url)), {
    execArgv: ['--import', new URL('../../../tools/resolveSource.mjs', import.meta.url).href],
  });
  const [ports] = (await once(child, 'message')) as [SinkPorts];
  return {
    ports,
    pid: child.pid ?? 0,
    bytes: async () => {
      child.send('bytes');
      const [bytes] = (await once(child, 'message')) as [SinkBytes];
      return bytes;
    },
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
