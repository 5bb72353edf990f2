import { listFromEnv } from './env.js';
import type { Env, Notify } from './env.js';

/** How trace context and baggage travel in headers and in MCP messages. */
export type PropagatorName = 'tracecontext' | 'baggage' | 'b3' | 'b3multi';

const PROPAGATORS: readonly PropagatorName[] = ['tracecontext', 'baggage', 'b3', 'b3multi'];
const DEFAULTS: readonly PropagatorName[] = ['tracecontext', 'baggage'];

/** OTEL_PROPAGATORS. Empty: nothing is read or passed on. */
export function propagatorsFromEnv(env: Env, notify: Notify): readonly PropagatorName[] {
  const names = listFromEnv(env, 'OTEL_PROPAGATORS');
  if (names === undefined) return DEFAULTS;
  if (names.includes('none')) return [];
  const known = names.filter(isPropagator);
  for (const name of names) {
    if (!isPropagator(name))
      notify(`OTEL_PROPAGATORS=${name.slice(0, 40)} is not supported and ignored; use ${PROPAGATORS.join(', ')} or none.`);
  }
  return known.length === 0 ? DEFAULTS : known;
}

export function isPropagator(name: string): name is PropagatorName {
  return PROPAGATORS.some((known) => known === name);
}
