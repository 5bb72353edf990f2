import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OwnerProcess } from '../../../errors/embeddedErrors.js';

const fileName = 'owner.pid';

/** Longest wait for `ps`, in milliseconds. */
const psLimitMs = 1000;

/**
 * Records which process owns the database of `home`. Only for people: the lock decides who may open it. A process id alone
 * could mean a different process to a reader in another container, or after it was reused, so the pid namespace and the
 * start time are recorded with it.
 */
export function recordOwner(home: string): void {
  const draft = join(home, `${fileName}.${randomUUID()}`);
  writeFileSync(draft, `${process.pid}\n${pidNamespace()}\n${statusOf(process.pid)?.started ?? ''}\n`, { mode: 0o600 });
  renameSync(draft, join(home, fileName));
}

/** Call before the lock is released: afterwards the record may be the next owner's. */
export function eraseOwner(home: string): void {
  rmSync(join(home, fileName), { force: true });
}

/**
 * Returns the process that owns the database of `home` and its state; undefined when none is known, when it has ended, and when
 * it is this one. Reads two small files; on systems without `/proc` it runs `ps`.
 */
export function recordedOwner(home: string): OwnerProcess | undefined {
  const [number = '', namespace, started] = textOf(join(home, fileName)).split('\n');
  const pid = Number(number);
  if (!/^[1-9]\d{0,9}$/.test(number) || namespace === undefined) return undefined;
  if (namespace !== pidNamespace()) return { pid, state: 'elsewhere' };
  if (pid === process.pid || !isAlive(pid)) return undefined;
  const status = statusOf(pid);
  if (status !== undefined && status.started !== started) return undefined;
  return { pid, state: isStopped(status?.state ?? stateByPs(pid)) ? 'suspended' : 'silent' };
}

/** `T`: stopped by a signal, as by Ctrl-Z; `t`: held by a debugger. */
function isStopped(state: string): boolean {
  return /^T/i.test(state);
}

/** Returns the state and start time of a process on Linux, in ticks since boot; undefined elsewhere. */
function statusOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  // Skips the program name, which may contain spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', started = ''] = [fields[0], fields[19]];
  return text === '' ? undefined : { state, started };
}

/** Empty on Windows, where nothing suspends a process. */
function stateByPs(pid: number): string {
  return process.platform === 'win32'
    ? ''
    : (spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8', timeout: psLimitMs }).stdout ?? '');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user also counts.
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
