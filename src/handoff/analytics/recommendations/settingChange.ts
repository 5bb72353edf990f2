import type { handoffVariables } from '../../../variables/handoffVariables.js';
import type { Change } from './recommendation.js';

/** Another value for one variable of the server. */
export function changeOf(variable: keyof typeof handoffVariables, from: number, to: number): Change {
  return { kind: 'setting', text: `${variable}=${to}`, variable, from, to };
}
