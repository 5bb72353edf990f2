import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** What the content of the package depends on. The last one tells which packages are installed. */
const INPUTS = ['src', 'migrations', 'tools', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'node_modules/.package-lock.json'];

/** What was built from what, so that a build that would change nothing is left out: CI asks for one in each of its steps. */
export interface Built {
  /** Whether the folder holds what a build would write. */
  readonly isCurrent: () => boolean;
  /** Notes that the folder has just been built from the inputs as they were when this was made. */
  readonly note: () => void;
}

/**
 * @param folder the one that is built, as an absolute path
 * @param options what else the result depends on
 */
export function builtFrom(folder: string, options: string): Built {
  const kept = join(root, '.cache', `built-${digest([folder]).slice(0, 16)}`);
  const inputs = digest([options, process.version, ...INPUTS.flatMap((input) => [input, contentOf(join(root, input))])]);
  return {
    isCurrent: () => {
      try {
        return readFileSync(kept, 'utf8') === `${inputs} ${stateOf(folder)}`;
      } catch {
        return false;
      }
    },
    note: () => {
      mkdirSync(dirname(kept), { recursive: true });
      writeFileSync(kept, `${inputs} ${stateOf(folder)}`);
    },
  };
}

function contentOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'absent';
  if (!found.isDirectory()) return digest([readFileSync(path)]);
  return digest(filesOf(path).flatMap((file) => [file, readFileSync(join(path, file))]));
}

/** Changes if a file is added, removed or written to, except for the prepared database, which each build puts there afterwards. */
function stateOf(folder: string): string {
  const files = filesOf(folder).filter((file) => basename(file) !== 'prepared.br');
  return digest(
    files.map((file) => {
      const { size, mtimeMs } = statSync(join(folder, file));
      return `${file} ${size} ${mtimeMs}`;
    }),
  );
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function digest(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\0`).update(part);
  return hash.digest('hex');
}
