import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isLockTaken, lockFailure } from './lockFailure.js';

/** Held until `release()` or until the process dies, however it dies. */
export interface OwnerLock {
  release(): void;
}

/**
 * Acquires the one lock that makes a thread the owner of `home`; undefined when it is already held. Never waits.
 *
 * PGlite does not lock its folder: two instances that open it both work, and destroy each other's data. A lock file with a
 * process id survives kill -9 and has a race between check and claim; Node offers no file locks; a listening socket is a
 * lock per network namespace, so two containers on one volume would both win. SQLite comes with Node and takes a kernel lock
 * on the file, which is released when the process ends, and it also keeps two servers within one process apart.
 *
 * Nothing may open this file in any other way: closing any descriptor of it would release the kernel's lock (POSIX).
 * Called in the owner thread only, because importing `node:sqlite` prints a warning before Node 24 and only a thread's
 * stderr can be kept separate from the host's.
 */
export function takeOwnerLock(home: string): OwnerLock | undefined {
  const path = join(home, 'owner.lock');
  let database: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(path, { timeout: 0 });
    database = opened;
    opened.exec('BEGIN EXCLUSIVE');
    return { release: () => opened.close() };
  } catch (error) {
    database?.close();
    if (isLockTaken(error)) return undefined;
    throw lockFailure(path, error);
  }
}
