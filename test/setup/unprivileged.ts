import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { TestServiceError } from './testServiceError.js';

/** Whom a server runs as; empty means the current user. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

export function runningAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/** PostgreSQL refuses to run as root, so root lends it the `nobody` account. */
export function serverIdentity(): Identity {
  if (!runningAsRoot()) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (!uid || !gid) {
    throw new TestServiceError(
      'PostgreSQL cannot run as root and this machine has no "nobody" account: run the tests as another user or set TEST_DATABASE_URL.',
    );
  }
  return { uid: Number(uid), gid: Number(gid) };
}

/** Whether every user may enter `path` and the folders above it (HOME of root is often 0700). */
export function worldTraversable(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (!existsSync(folder) || (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** A temporary folder that the account a server runs as can enter. */
export function temporaryRoot(): string {
  if (!runningAsRoot()) return tmpdir();
  const usable = [tmpdir(), '/tmp', '/var/tmp'].find(worldTraversable);
  if (usable) return usable;
  throw new TestServiceError(
    'No temporary folder is open to other users, which a server started by root needs: set TMPDIR to a world-readable folder, or TEST_DATABASE_URL.',
  );
}

/** Folders of PATH that hold every one of `programs`. */
export function foldersOnPathWith(programs: readonly string[]): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return folders.filter((folder) => holdsPrograms(folder, programs));
}

export function holdsPrograms(folder: string, programs: readonly string[]): boolean {
  return programs.every((program) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
