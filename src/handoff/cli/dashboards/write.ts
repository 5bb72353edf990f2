import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../../values/newFolder.js';
import type { ShippedFile } from './shipped.js';

/** Remembers what was written, so that the next run can tell an older file of ours from one that somebody changed. */
export const RECORD = '.handoff-otel.json';

/** What happened to each file, by path. */
export interface Written {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  /** Changed by somebody since, or never ours: left alone. */
  readonly kept: readonly string[];
  /** Written by an earlier version, still there, and no longer ours to write: left alone as well. */
  readonly obsolete: readonly string[];
}

type Hashes = Readonly<Record<string, string>>;

/**
 * Writes files into a folder, which it creates. A file that is there with a text of somebody else's is left alone unless `force` is set.
 * `all` are the files that there are, where only some are written.
 * Throws the error of the file system when the folder cannot be written to.
 */
export function writeFiles(folder: string, files: readonly ShippedFile[], force: boolean, all = files): Written {
  const before = recordIn(folder);
  const written: string[] = [];
  const unchanged: string[] = [];
  const kept: string[] = [];
  const notOurs = without(before, all);
  const obsolete = notOurs.filter((path) => textOf(join(folder, path)) !== undefined);
  const hashes: Record<string, string> = { ...before };
  makeFolder(folder);
  for (const { path, text } of files) {
    const target = join(folder, path);
    const found = textOf(target);
    const mayReplace = force || found === undefined || hashOf(found) === before[path];
    if (found === text) unchanged.push(path);
    else if (mayReplace) {
      makeFolder(dirname(target));
      writeFileSync(target, text);
      written.push(path);
    } else {
      kept.push(path);
      continue;
    }
    hashes[path] = hashOf(text);
  }
  // What somebody has removed is forgotten, and what is still there is told again the next time.
  const remembered = Object.entries(hashes).filter(([path]) => !notOurs.includes(path) || obsolete.includes(path));
  const sorted = Object.fromEntries(remembered.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(folder, RECORD), `${JSON.stringify(sorted, null, 2)}\n`);
  return { written, unchanged, kept, obsolete };
}

/** The files of the record that are no longer among ours. */
function without(before: Hashes, all: readonly ShippedFile[]): string[] {
  const ours = new Set(all.map(({ path }) => path));
  return Object.keys(before).filter((path) => !ours.has(path));
}

/** A record that is missing or damaged makes every differing file somebody else's, which is the safe side. */
function recordIn(folder: string): Hashes {
  try {
    const record: unknown = JSON.parse(textOf(join(folder, RECORD)) ?? '{}');
    return typeof record === 'object' && record !== null ? (record as Hashes) : {};
  } catch {
    return {};
  }
}

/** Only a missing file is no file: any other error says that the folder is unusable. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
