import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

const cliPath = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** The built `handoff-otel serve` as a child process, with everything it writes kept line by line. */
export interface ServerProcess {
  readonly child: ChildProcess;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** Sends one line to its stdin. */
  send(message: object | string): void;
  /** Resolves with the first JSON message on stdout that has this id. */
  answer(id: number | string): Promise<Record<string, unknown>>;
  /** Resolves with the first line of stderr, parsed, that has this `event.name`. */
  logged(eventName: string): Promise<Record<string, unknown>>;
  /** Closes stdin and waits for the end. */
  end(): Promise<ProcessEnd>;
  kill(signal: NodeJS.Signals): Promise<ProcessEnd>;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Five times what the slowest start takes on two quiet cores, and less than a test may take. */
const DEADLINE_MS = 50_000;

/** The environment of a test's server: nothing of the machine's own settings but PATH and HOME. */
export function serverEnv(extra: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...extra };
}

export function startServer(args: readonly string[], env: Readonly<Record<string, string>>): ServerProcess {
  const child = spawn(process.execPath, [cliPath, 'serve', ...args], { env: serverEnv(env), stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close').then(
    ([code, signal]: unknown[]): ProcessEnd => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }),
  );
  const stdout: string[] = [];
  const stderr: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => stdout.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line));
  child.stdin.on('error', () => undefined);
  return {
    child,
    stdout,
    stderr,
    send: (message) => void child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    answer: (id) => findLine(stdout, (message) => message['id'] === id, `an answer to ${id}`, stderr),
    logged: (eventName) => findLine(stderr, (message) => message['event.name'] === eventName, `a log record ${eventName}`, stderr),
    end: () => {
      child.stdin.end();
      return ended;
    },
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

async function findLine(
  lines: readonly string[],
  wanted: (message: Record<string, unknown>) => boolean,
  what: string,
  stderr: readonly string[],
): Promise<Record<string, unknown>> {
  const deadline = performance.now() + DEADLINE_MS;
  while (performance.now() < deadline) {
    for (const line of lines) {
      const message = parse(line);
      if (message !== undefined && wanted(message)) return message;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`The server did not write ${what} within ${DEADLINE_MS} ms. Its stderr:\n${stderr.slice(-20).join('\n')}`);
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
