import { handoffPackageKey, latestContextKey } from '../sessions/cacheEntries.js';
import type { LifecycleDependencies } from './dependencies.js';
import type { CachedKeysRow } from './sql/cachedKeys.js';

/** What was in the cache and is no more. */
export interface Freed {
  readonly entries: number;
  /** Of keys and values together. */
  readonly bytes: number;
}

/** So many deletions are on the way at once: they are answered in the order in which they were sent, each within the cache's time limit. */
const AT_ONCE = 100;

/**
 * Returns the cache keys that a session has no use for any more. A session that rests loses the preview of its latest entry. The
 * handoffs of one that has ended can no longer be picked up, so that their packages go too; those of a dormant or completed one stay.
 */
export function uselessKeys({ session_key: key, is_dead: isDead, agents }: CachedKeysRow): string[] {
  const latest = latestContextKey(key).key;
  return isDead ? [latest, ...agents.map((agent) => handoffPackageKey(agent, key).key)] : [latest];
}

/** Deletes cache entries and counts what really became free. Never rejects: a cache failure is not one of the caller. */
export async function dropKeys({ cache, record }: LifecycleDependencies, keys: readonly string[]): Promise<Freed> {
  let entries = 0;
  let bytes = 0;
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const answers = await Promise.all(keys.slice(start, start + AT_ONCE).map((key) => cache.delete(key)));
    for (const answer of answers) {
      if (typeof answer !== 'number' || !(answer > 0)) continue;
      entries += 1;
      bytes += answer;
    }
  }
  record.cacheFreed(bytes, {});
  return { entries, bytes };
}
