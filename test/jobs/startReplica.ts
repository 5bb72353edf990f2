import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Order, Reply } from './replicaProtocol.js';

const script = fileURLToPath(new URL('./replica.ts', import.meta.url));
const resolver = new URL('../../tools/resolveSource.mjs', import.meta.url).href;

export interface ReplicaProcess {
  readonly pid: number;
  /** Resolves with the process's answer; rejects with an error that carries the `code` of the failure there. */
  tell<Answer = unknown>(order: Order): Promise<Answer>;
  kill9(): Promise<void>;
}

/** Starts a process that has opened nothing yet. */
export function startReplica(): ReplicaProcess {
  const child = fork(script, [], { execArgv: ['--import', resolver], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let id = 0;
  child.on('message', (reply: Reply) => {
    const waiter = waiting.get(reply.id);
    if ('error' in reply) waiter?.reject(Object.assign(new Error(reply.error.message), { code: reply.error.code }));
    else waiter?.resolve(reply.value);
  });
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('the process has ended'));
  });
  return {
    pid: child.pid ?? 0,
    tell: <Answer>(order: Order) => {
      id += 1;
      const answer = Promise.withResolvers<unknown>();
      waiting.set(id, answer);
      answer.promise.catch(() => undefined);
      child.send({ ...order, id });
      return answer.promise as Promise<Answer>;
    },
    kill9: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
