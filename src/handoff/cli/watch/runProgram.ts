import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** How a program ended: with an exit code or by a signal. */
export type ProgramEnd =
  | { readonly code: number; readonly signal?: undefined }
  | { readonly signal: NodeJS.Signals; readonly code?: undefined };

export interface RunOptions {
  readonly words: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  /** Where this process receives its signals. */
  readonly host: Pick<NodeJS.Process, 'on' | 'off'>;
  /** Whether the terminal sends Ctrl-C to the program too, as it does to every process in the foreground. */
  readonly hasTerminal: boolean;
}

const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/**
 * Runs a program on this process's streams and forwards signals to it, so that the parent may treat this process
 * as the program itself. Resolves when the program has ended; rejects when it cannot be started.
 */
export async function runProgram({ words: [command, ...args], env, host, hasTerminal }: RunOptions): Promise<ProgramEnd> {
  const program = spawn(command, args, { env, stdio: 'inherit' });
  const listeners = FORWARDED.map((signal) => {
    // A second SIGINT would make many servers abort the work that the first one lets them finish.
    const listener = (): void => void (signal === 'SIGINT' && hasTerminal ? undefined : program.kill(signal));
    host.on(signal, listener);
    return { signal, listener };
  });
  try {
    return await endOf(program);
  } finally {
    for (const { signal, listener } of listeners) host.off(signal, listener);
  }
}

const endOf = (program: ChildProcess): Promise<ProgramEnd> =>
  new Promise((resolve, reject) => {
    program.once('error', reject);
    program.once('exit', (code, signal) => {
      resolve(signal === null ? { code: code ?? 0 } : { signal });
    });
  });
