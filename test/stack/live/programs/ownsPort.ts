import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** The state of a listening socket in /proc/net/tcp. */
const LISTEN = '0A';

/** Whether the process itself listens on the port: otherwise somebody else took it first, and answers in its place. Linux only. */
export function ownsPort(pid: number, port: number): boolean {
  const listening = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => inodesListeningOn(table, port)));
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`))?.[1];
      return inode !== undefined && listening.has(inode);
    });
  } catch {
    return false; // the process has ended
  }
}

function inodesListeningOn(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync(table, 'utf8')
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === LISTEN && local.endsWith(suffix))
    .map((columns) => columns[9] ?? '');
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}
