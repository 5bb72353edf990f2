import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Order, Reply } from './serverProcessProtocol.js';

const script = fileURLToPath(new URL('./serverProcess.ts', import.meta.url));
const resolver = new URL('../../../../../tools/resolveSource.mjs', import.meta.url).href;

export interface ServerProcess {
  /** Resolves with the process's answer; rejects with an error that carries the `code` of the failure there. */
  tell<Answer = unknown>(order: Order): Promise<Answer>;
  /** Resolves when the process has written at least this many rows of the order under way. */
  progressed(rows: number): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** What it printed, stdout and stderr apart. */
  readonly printed: { readonly stdout: string; readonly stderr: string };
  /** Resolves with the exit code when the process ends by itself after the parent hung up. */
  hangUp(): Promise<number | null>;
}

/** Starts a process that has not opened anything yet. */
export function startServerProcess(env: NodeJS.ProcessEnv = {}): ServerProcess {
  const child: ChildProcess = fork(script, [], {
    execArgv: ['--import', resolver],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout?.on('data', (text: Buffer) => (printed.stdout += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (printed.stderr += text.toString()));
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const ended = once(child, 'exit');
  let progress = 0;
  let progressWaiters: (() => void)[] = [];
  let id = 0;
  child.on('message', (reply: Reply) => {
    if ('progress' in reply) {
      progress = reply.progress;
      for (const wake of progressWaiters.splice(0)) wake();
    } else if ('error' in reply) {
      waiting.get(reply.id)?.reject(Object.assign(new Error(reply.error.message), { code: reply.error.code }));
    } else {
      waiting.get(reply.id)?.resolve(reply.value);
    }
  });
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`the process ended: ${printed.stderr}`));
  });
  return {
    printed,
    tell: <Answer>(order: Order) => {
      id += 1;
      const answer = Promise.withResolvers<unknown>();
      waiting.set(id, answer);
      answer.promise.catch(() => undefined);
      child.send({ ...order, id });
      return answer.promise as Promise<Answer>;
    },
    progressed: async (rows) => {
      while (progress < rows) await new Promise<void>((resolve) => (progressWaiters = [...progressWaiters, resolve]));
    },
    kill: async (signal = 'SIGKILL') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
    },
    hangUp: async () => {
      child.disconnect();
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}
