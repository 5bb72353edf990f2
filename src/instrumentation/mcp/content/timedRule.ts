import { Script, createContext } from 'node:vm';
import type { Context } from 'node:vm';
import type { SecretRule } from './secretRule.js';

/** The longest that one search with the host's patterns may block the event loop, in milliseconds. A text is searched twice at most. */
const LIMIT_MS = 50;
/** A machine that stalls makes any pattern look slow. */
const TIMEOUTS_FORGIVEN = 2;

const SCRIPT = new Script(
  'found = []; for (const pattern of patterns) for (const match of text.matchAll(pattern)) found.push(match.index, match.index + match[0].length);',
);

/**
 * Builds one rule for all patterns that are not ours, which must be global. Without looking dangerous, a pattern can take time that
 * grows with the cube of the text, or doubles with each letter, and nothing in this thread can stop a running one;
 * `node:vm` can. `find` then throws, since a text that was not searched must not be shown, and calls
 * `giveUp` when that has happened for the third time.
 *
 * This adds about 0.2 ms of CPU time to each search, however many patterns there are.
 */
export function timedRule(patterns: readonly RegExp[], giveUp: () => void): SecretRule {
  const sandbox: { text: string; readonly patterns: readonly RegExp[]; found: readonly number[] } = { text: '', patterns, found: [] };
  const place = createContext(sandbox);
  let timeouts = 0;
  return {
    minChars: 1,
    find: (text, report) => {
      sandbox.text = text;
      try {
        search(place);
      } catch (error) {
        timeouts += 1;
        if (timeouts > TIMEOUTS_FORGIVEN) giveUp();
        throw error;
      } finally {
        sandbox.text = '';
      }
      for (let index = 0; index + 1 < sandbox.found.length; index += 2) report(sandbox.found[index] ?? 0, sandbox.found[index + 1] ?? 0);
    },
  };
}

/** Searches twice at most, since a machine that stalls for a moment makes any pattern look slow. */
function search(place: Context): void {
  try {
    SCRIPT.runInContext(place, { timeout: LIMIT_MS });
  } catch {
    SCRIPT.runInContext(place, { timeout: LIMIT_MS });
  }
}
