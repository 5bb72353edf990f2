import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileName = 'unfinished.sql';

/**
 * Saves SQL that completes a prepared database, to run when nobody waits: what depends on the day takes as long as the
 * rest of a first start. It is a file, so that the next owner runs it if this one ends first.
 */
export function leaveUnfinished(home: string, sql: string): void {
  writeFileSync(join(home, fileName), sql, { mode: 0o600 });
}

export function unfinished(home: string): string | undefined {
  try {
    return readFileSync(join(home, fileName), 'utf8');
  } catch {
    return undefined;
  }
}

export function nothingUnfinished(home: string): void {
  rmSync(join(home, fileName), { force: true });
}
