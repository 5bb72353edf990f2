import { chmodSync, lstatSync, mkdirSync, mkdtempSync, existsSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runningAsRoot, temporaryRoot } from './unprivileged.js';

export interface CacheOptions {
  /** The content is run by another account than ours (root lends servers `nobody`), so it cannot be in a private HOME. */
  readonly worldReadable: boolean;
}

/**
 * `fill` is called with an empty folder when `name` is not cached yet; the finished folder then appears at once, so runs
 * that fill it at the same moment never see half of it. Kept between runs.
 */
export async function cached(name: string, options: CacheOptions, fill: (folder: string) => Promise<void>): Promise<string> {
  const root = cacheRoot(options);
  const final = join(root, name);
  if (existsSync(final)) return final;
  const partial = mkdtempSync(join(root, `${name}.partial-`));
  try {
    await fill(join(partial, 'content'));
    if (!existsSync(final)) renameSync(join(partial, 'content'), final);
  } catch (error) {
    if (!existsSync(final)) throw error; // else another run was first
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return final;
}

function cacheRoot({ worldReadable }: CacheOptions): string {
  const ours = join(temporaryRoot(), `handoff-otel-${process.getuid?.() ?? 'user'}`);
  const personal = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'handoff-otel');
  const candidates = worldReadable && runningAsRoot() ? [ours] : [personal, ours];
  return candidates.find(usable) ?? mkdtempSync(`${ours}-`);
}

/** Programs are run from here: a folder that someone else made or may write to is refused. */
function usable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    if (lstatSync(folder).uid === process.getuid?.()) chmodSync(folder, 0o755); // whatever the umask says
    const probe = mkdtempSync(join(folder, 'probe-'));
    rmSync(probe, { recursive: true });
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
  } catch {
    return false;
  }
}
