import { isOtelVariable, otelVariables } from '../../../../instrumentation/settings/otelVariables.js';
import { databasePartVariables, logLevelVariables } from '../../../../variables/earlierVariables.js';
import { handoffVariables } from '../../../../variables/handoffVariables.js';
import { editDistance } from '../../../server/tools/editDistance.js';

/** Shorter names are near too many others. */
const LEAST_CHARACTERS = 7;

/**
 * Returns the name of a setting that somebody who wrote `name` may have meant; `undefined` if `name` is one, or none is near.
 *
 * @param how `loose`: up to a third of the letters differ, for a name that begins like ours; `strict`: one letter, for any other
 */
export function closestName(name: string, how: 'loose' | 'strict' = 'loose'): string | undefined {
  const known = Object.keys({ ...handoffVariables, ...databasePartVariables, ...logLevelVariables, ...otelVariables });
  if (known.includes(name) || isOtelVariable(name) || name.length < LEAST_CHARACTERS) return undefined;
  const bare = name.replace(/^HANDOFF_/i, '').toUpperCase();
  // `HANDOFF_REDIS_URL`: not all settings begin like most of ours.
  if (bare !== name && known.includes(bare)) return bare;
  const most = how === 'strict' ? 1 : Math.max(2, Math.floor(name.length / 3));
  let closest: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > most) continue;
    const distance = editDistance(name.toUpperCase(), candidate);
    if (distance <= most && distance < (closest?.distance ?? Infinity)) closest = { name: candidate, distance };
  }
  return closest?.name;
}
