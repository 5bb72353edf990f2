import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';

/** Returns who listens on a TCP port of this machine, as far as this user may see it; `undefined` elsewhere than on Linux. */
export function portHolder(port: number): { readonly pid: number; readonly program: string } | undefined {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listenersIn(textOf(table), port));
  if (inodes.length === 0) return undefined;
  const wanted = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const pid = processes().find((candidate) => hasSocket(candidate, wanted));
  return pid === undefined ? undefined : { pid, program: textOf(`/proc/${pid}/comm`).trim() };
}

/** Rows are `sl local_address rem_address st … inode`, with the port in hexadecimal. */
function listenersIn(table: string, port: number): readonly string[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === LISTENING && Number.parseInt(local.split(':')[1] ?? '', 16) === port && inode !== undefined ? [inode] : [];
  });
}

function processes(): readonly number[] {
  return namesIn('/proc').map(Number).filter(Number.isInteger);
}

/** Those of other users cannot be looked into. */
function hasSocket(pid: number, wanted: ReadonlySet<string>): boolean {
  return namesIn(`/proc/${pid}/fd`).some((descriptor) => {
    try {
      return wanted.has(readlinkSync(`/proc/${pid}/fd/${descriptor}`));
    } catch {
      return false;
    }
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
