import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc: 100 on every Linux that Node runs on. */
const TICK_MS = 10;

/**
 * CPU time of a process so far, user and system, milliseconds; with `children` also that of its children, those that
 * ended included. `undefined` where there is no /proc: then the report leaves the figure out.
 */
export function cpuTimeMs(pid: number, { children = false } = {}): number | undefined {
  const own = readTimes(pid);
  if (own === undefined || !children) return own?.runMs;
  const running = childrenOf(pid).map((child) => readTimes(child)?.runMs ?? 0);
  return own.runMs + own.endedChildrenMs + running.reduce((sum, ms) => sum + ms, 0);
}

interface Times {
  readonly parent: number;
  readonly runMs: number;
  readonly endedChildrenMs: number;
}

function readTimes(pid: number): Times | undefined {
  try {
    // The name in brackets may hold blanks; fields are counted from behind it (proc(5): 4 ppid, 14-17 times).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
    const [parent, user, system, childUser, childSystem] = [fields[1], fields[11], fields[12], fields[13], fields[14]];
    return {
      parent: parent ?? 0,
      runMs: ((user ?? 0) + (system ?? 0)) * TICK_MS,
      endedChildrenMs: ((childUser ?? 0) + (childSystem ?? 0)) * TICK_MS,
    };
  } catch {
    return undefined;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((candidate) => candidate > 0 && readTimes(candidate)?.parent === pid);
}
