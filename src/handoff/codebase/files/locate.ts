import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { errorCode } from '../../../errors/classify.js';
import type { FileSystem } from './fileSystem.js';
import { Refusal } from './refusal.js';

/** Longest path that is looked up, in UTF-16 code units; as Linux has it. */
const MAX_PATH_LENGTH = 4096;
/** What these hold are not source files, whichever root contains them: reading some has effects, and others never end. */
const NEVER = ['/proc', '/sys', '/dev'];

export interface Located {
  /** The file's path without symbolic links. */
  readonly path: string;
  /** The root that it is under, without symbolic links. */
  readonly root: string;
}

/**
 * Finds a file that lies under one of the roots, wherever the symbolic links on the way lead. A relative path is looked for under
 * each root in turn.
 *
 * A path that does not even look as if it lay under a root is refused without asking the file system, so that nobody learns
 * from the answer whether it exists.
 *
 * @throws Refusal
 */
export function locate(filePath: string, roots: readonly string[], files: FileSystem): Located {
  if (filePath === '' || filePath.includes('\0') || filePath.length > MAX_PATH_LENGTH)
    throw new Refusal('invalid_path', `The path is empty, has a NUL character, or is longer than ${MAX_PATH_LENGTH} characters.`);
  const candidates = roots.flatMap((given) => {
    const root = realRoot(given, files);
    if (root === undefined) return [];
    return [given, root].map((base) => ({ root, base, path: resolve(base, filePath) })).filter(({ base, path }) => isUnder(base, path));
  });
  if (candidates.length === 0) throw outside();
  let problem: unknown;
  for (const { root, base, path } of candidates) {
    try {
      const real = files.realpathSync(path);
      if (!isUnder(root, real) || isNever(real)) throw outside();
      return { path: real, root };
    } catch (error) {
      problem ??= leavesRoot(root, relative(base, path), files) ? outside() : error;
    }
  }
  throw asRefusal(problem);
}

export function outside(): Refusal {
  return new Refusal('outside_roots', 'The file is not under a folder that this server may read (HANDOFF_CODEBASE_ROOTS).');
}

/** As many links as Linux follows on one way. */
const MAX_LINKS = 40;

/**
 * Whether a way from the root, which could not be followed to its end, leaves the root by a link. What is said of such a file must not
 * depend on whether it exists: a repository can have a link to `/`, and whoever asks for files behind it would learn what there is on the
 * machine. Where a link names another way into the root, a file that does not exist there is said to be outside.
 */
function leavesRoot(root: string, way: string, files: FileSystem): boolean {
  const left = way.split(sep);
  let at = root;
  let links = 0;
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    const next = part === '..' ? dirname(at) : join(at, part);
    // On its way a link may pass the folders that the root is in.
    if (next !== root && !isUnder(root, next) && !isUnder(next, root)) return true;
    const target = linkTarget(next, files);
    if (target === undefined) at = next;
    else {
      links += 1;
      if (links > MAX_LINKS) return false;
      const start = parse(target).root;
      if (start !== '') at = start;
      left.unshift(...target.slice(start.length).split(sep));
    }
  }
  return at !== root && !isUnder(root, at);
}

/** Where a link leads, as it says itself. */
function linkTarget(path: string, files: FileSystem): string | undefined {
  try {
    return files.lstatSync(path).isSymbolicLink() ? files.readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the path is below the folder, by its text alone. */
export function isUnder(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

export function isNever(path: string): boolean {
  return NEVER.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

const NOT_FOUND: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

/** Makes a refusal of what the file system answered. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const code = errorCode(error);
  if (code !== undefined && NOT_FOUND.has(code)) return new Refusal('not_found', 'The file does not exist.');
  if (code === 'ELOOP') return new Refusal('not_found', 'The path leads through a symbolic link that changed or that leads to itself.');
  return new Refusal('not_readable', `The file cannot be read${code === undefined ? '' : ` (${code})`}.`);
}

/** A root that does not exist now may exist at the next call. */
function realRoot(root: string, files: FileSystem): string | undefined {
  try {
    return files.realpathSync(root);
  } catch {
    return undefined;
  }
}
