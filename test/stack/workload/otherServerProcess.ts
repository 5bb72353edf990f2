import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { serverEnv } from '../../setup/serverProcess.js';

const DEADLINE_MS = 60_000;
const root = join(import.meta.dirname, '../../..');

/** The server that has nothing to do with handoffs, as a child process. */
export interface OtherServer {
  readonly url: string;
  /** Ends it after it has delivered its telemetry. Rejects if it ended with anything but 0. */
  close(): Promise<void>;
  kill(): void;
}

/** Rejects with its stderr when it does not listen in time. */
export async function startOtherServer(env: Readonly<Record<string, string>>): Promise<OtherServer> {
  const args = ['--no-warnings', '--import', './tools/resolveSource.mjs', join(import.meta.dirname, 'otherServer.ts')];
  const child = spawn(process.execPath, args, { cwd: root, env: serverEnv(env), stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let stderr = '';
  child.stderr?.on('data', (text) => (stderr += String(text)));
  const ended = once(child, 'close').then(([code]: unknown[]) => code);
  const listening = new Promise<string>((resolve) => child.once('message', (address: string) => resolve(address)));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the other server did not listen within ${DEADLINE_MS} ms:\n${stderr}`)), DEADLINE_MS);
  });
  const gone = ended.then((code) => Promise.reject(new Error(`the other server ended with ${String(code)}:\n${stderr}`)));
  gone.catch(() => undefined);
  const kill = (): void => void child.kill('SIGKILL');
  const url = await Promise.race([listening, late, gone])
    .catch((error: unknown) => {
      kill();
      throw error;
    })
    .finally(() => clearTimeout(timer));
  return {
    url,
    close: async () => {
      // A parent that disconnects would never hear that the child has ended.
      child.send('end');
      const killer = setTimeout(kill, DEADLINE_MS);
      const code = await ended;
      clearTimeout(killer);
      if (code !== 0) throw new Error(`the other server ended with ${String(code)}:\n${stderr}`);
    },
    kill,
  };
}
