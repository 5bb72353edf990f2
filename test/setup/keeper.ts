/**
 * The program that owns one test server, so that the server never outlives the tests.
 *
 * The parent talks to it over stdin and stdout (see `keeperProtocol.ts`). However the parent ends, SIGKILL included,
 * the kernel closes its end of stdin; the keeper then stops the server, deletes the work directory and exits.
 *
 * Run by Node itself, which resolves no `.js` to `.ts`: only types may be imported from our own files.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { KeeperCommand, KeeperEvent, Launch } from './keeperProtocol.js';

const STOP_TIMEOUT_MS = 5_000;

const [workDirectory = '', stopSignal = 'SIGTERM'] = process.argv.slice(2);
let running: ChildProcess | undefined;
let finishing = false;

function emit(event: KeeperEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function start(launch: Launch): void {
  const log = openSync(launch.logFile, 'a');
  const child = spawn(launch.command, launch.args, {
    cwd: launch.cwd,
    env: { ...launch.env },
    stdio: ['ignore', log, log],
    ...(launch.uid === undefined ? {} : { uid: launch.uid }),
    ...(launch.gid === undefined ? {} : { gid: launch.gid }),
  });
  closeSync(log);
  running = child;
  child.once('spawn', () => emit({ event: 'started', pid: child.pid ?? 0 }));
  child.once('error', (error) => {
    running = undefined;
    emit({ event: 'exited', exit: { code: null, signal: null, message: error.message } });
  });
  child.once('exit', (code, signal) => {
    running = undefined;
    emit({ event: 'exited', exit: { code, signal } });
  });
}

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** One letter, as in `/proc/<pid>/stat`; `T` is stopped by a signal. */
  readonly state: string;
}

/** Every living process, from /proc; none where there is no /proc (macOS). A zombie holds nothing any more and is left out. */
function livingProcesses(): ProcessRow[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const [state = '', parent] = (readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1) ?? '').split(' ');
          return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), state }];
        } catch {
          return []; // ended meanwhile
        }
      });
  } catch {
    return [];
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ended meanwhile
  }
}

/** A PostgreSQL backend leads its own session, so only the parent links find it. */
async function signalRunning(signal: NodeJS.Signals, tree: boolean): Promise<void> {
  const root = running?.pid;
  if (root === undefined) return;
  if (!tree) {
    send(root, signal);
    return;
  }
  if (signal === 'SIGKILL') {
    // Else it may fork a child after we looked.
    send(root, 'SIGSTOP');
    await stopped([root]);
  }
  const children = livingProcesses()
    .filter(({ parent }) => parent === root)
    .map(({ pid }) => pid);
  for (const pid of [root, ...children]) send(pid, signal);
  if (signal === 'SIGKILL') await gone(new Set(children));
  if (signal === 'SIGSTOP') await stopped([root, ...children]);
}

/** Until its last backend is gone, PostgreSQL refuses to start again ("pre-existing shared memory block"). */
async function gone(pids: ReadonlySet<number>): Promise<void> {
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (performance.now() < deadline && livingProcesses().some(({ pid }) => pids.has(pid))) await wait(5);
}

/** The signal is only under way when `kill` returns: on another core, a process may answer one more request. */
async function stopped(pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  const isRunning = ({ pid, state }: ProcessRow): boolean => pids.includes(pid) && state !== 'T';
  while (performance.now() < deadline && livingProcesses().some(isRunning)) await wait(5);
}

async function finish(): Promise<void> {
  if (finishing) return;
  finishing = true;
  const child = running;
  if (child) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const impatience = setTimeout(() => void signalRunning('SIGKILL', true), STOP_TIMEOUT_MS);
    await signalRunning('SIGCONT', true); // a paused server cannot act on a signal
    await signalRunning(stopSignal as NodeJS.Signals, false);
    await ended;
    clearTimeout(impatience);
  }
  // Backends of a killed server may still be writing for a moment.
  rmSync(workDirectory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  process.exit(0);
}

process.stdout.on('error', () => undefined); // the parent is gone: stdin ends too, and that is what counts
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void finish());
const lines = createInterface({ input: process.stdin });
lines.on('close', () => void finish());
lines.on('line', (line) => {
  const command = JSON.parse(line) as KeeperCommand;
  if (command.op === 'start') start(command.launch);
  else void signalRunning(command.signal, command.tree).then(() => emit({ event: 'signalled' }));
});
