/** The formats in which trace context and baggage are propagated, in headers and in MCP messages. */
export const PROPAGATORS = ['tracecontext', 'baggage', 'b3', 'b3multi'] as const;

export type PropagatorName = (typeof PROPAGATORS)[number];

export function isPropagator(name: string): name is PropagatorName {
  return PROPAGATORS.some((known) => known === name);
}
