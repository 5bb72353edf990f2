import type { Side } from '../wire/message.js';

/** One assertion, made from the registry and judged against what was recorded. */
export interface Verdict {
  /** What it is about: an attribute, a metric, or a rule such as `span.kind`. */
  readonly subject: string;
  readonly signal: 'span' | 'metric' | 'wire';
  readonly label: string;
  readonly method: string;
  readonly side: Side;
  readonly ok: boolean;
  /** What was expected and what was there. */
  readonly said: string;
}

export function describeFailure(cellName: string, { subject, signal, label, method, side, said }: Verdict): string {
  return `${subject} (${signal}) of ${method} [${label}] on the ${side} in ${cellName}: ${said}`;
}

export function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
