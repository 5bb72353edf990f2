import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ProcessEnd } from '../../setup/serverProcess.js';

const DEADLINE_MS = 20_000;

export interface Program {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the first group of a pattern on stderr. */
  said(pattern: RegExp): Promise<string>;
  write(line: string): void;
  readonly ended: Promise<ProcessEnd>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program with nothing of this process's environment but PATH and HOME; it is killed when it takes too long. */
export function startProgram(
  [command, ...args]: readonly [string, ...string[]],
  cwd: string,
  env: Readonly<Record<string, string>>,
  deadlineMs = DEADLINE_MS,
): Program {
  const child = spawn(command, args, { cwd, env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1', ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  const ended = once(child, 'close').then(([code, signal]: unknown[]): ProcessEnd => {
    clearTimeout(timer);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    said: async (pattern) => {
      for (;;) {
        const found = pattern.exec(stderr)?.[1];
        if (found !== undefined) return found;
        const isOver = await Promise.race([ended.then(() => true), new Promise<false>((resolve) => setTimeout(resolve, 20, false))]);
        if (isOver) throw new Error(`${command} ended before it said ${pattern.source}:\n${stderr}`);
      }
    },
    write: (line) => void child.stdin.write(`${line}\n`),
    ended,
    kill: (signal) => void child.kill(signal),
  };
}
