import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { serverEnv } from '../../setup/serverProcess.js';
import type { AgentCall, AgentReply, CallRecord } from './calls.js';

const DEADLINE_MS = 60_000;
const root = join(import.meta.dirname, '../../..');

/** The agent as a child process. */
export interface AgentProcess {
  /** All calls of the handoff server so far that were answered, as the client saw them. */
  readonly calls: readonly CallRecord[];
  /** Rejects when there is no answer in time; a call that is answered with an error resolves. */
  call(method: AgentCall['method'], target: string, args?: Readonly<Record<string, unknown>>): Promise<CallRecord>;
  /** Ends it after it has delivered its telemetry. Rejects if it ended with anything but 0. */
  close(): Promise<void>;
  kill(): void;
}

/** Starts an instrumented client of the two servers. Rejects with its stderr when it does not connect. */
export async function startAgent(
  urls: readonly [handoff: string, other: string],
  env: Readonly<Record<string, string>>,
): Promise<AgentProcess> {
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--import', 'handoff-otel/register', join(import.meta.dirname, 'agent.ts'), ...urls],
    {
      cwd: root,
      env: serverEnv(env),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  let stderr = '';
  child.stderr?.on('data', (text) => (stderr += String(text)));
  const ended = once(child, 'close').then(([code]: unknown[]) => code);
  const waiting = new Map<number, (reply: AgentReply) => void>();
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: AgentReply | 'ready') => {
      if (message === 'ready') resolve();
      else waiting.get(message.id)?.(message);
    });
  });
  const orEnd = <T>(promise: Promise<T>, what: string): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`the agent did not ${what} within ${DEADLINE_MS} ms:\n${stderr}`)), DEADLINE_MS);
    });
    const gone = ended.then((code) => Promise.reject(new Error(`the agent ended with ${String(code)}:\n${stderr}`)));
    return Promise.race([promise, late, gone]).finally(() => clearTimeout(timer));
  };
  const calls: CallRecord[] = [];
  let lastId = 0;
  await orEnd(ready, 'connect').catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    calls,
    call: async (method, target, args) => {
      const id = ++lastId;
      const startedMs = performance.now();
      const reply = new Promise<AgentReply>((resolve) => waiting.set(id, resolve));
      child.send({ id, method, target, ...(args === undefined ? {} : { args }) } satisfies AgentCall);
      const record = { ...(await orEnd(reply, `answer ${method} ${target}`)), method, target, durationMs: performance.now() - startedMs };
      waiting.delete(id);
      if (method !== 'visit') calls.push(record);
      return record;
    },
    close: async () => {
      child.send('close');
      const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
      const code = await ended;
      clearTimeout(timer);
      if (code !== 0) throw new Error(`the agent ended with ${String(code)}:\n${stderr}`);
    },
    kill: () => child.kill('SIGKILL'),
  };
}
