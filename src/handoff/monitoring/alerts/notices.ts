import type { AlertEnd, AlertNotice } from '../../notification/alertNotice.js';
import type { ErrorAlert } from '../../resilience/errors/alerts.js';
import { descriptionOf } from '../thresholds/descriptions.js';
import type { AlertChange, Breach } from './breach.js';

/** Who tells. */
export interface Teller {
  readonly service: string;
  readonly server: string;
}

/** What people are told of a beginning or an end. */
export function noticeOf(change: AlertChange, teller: Teller, nowMs: number): AlertNotice {
  const { change: kind, name, scope, startsAtMs, breach, cause } = change;
  const { title, subject, unit, advice } = descriptionOf(name);
  const facts = { kind: 'threshold', name, scope, title, severity: 'warning', advice, startsAtMs, ...teller } as const;
  const figures = breach === undefined ? {} : { value: rounded(breach.value), threshold: breach.threshold, unit };
  if (kind === 'raised') return { ...facts, ...figures, summary: summaryOf(name, breach) };
  return {
    ...facts,
    summary: `${subject}${OVER[cause ?? 'recovered']}.`,
    endsAtMs: nowMs,
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Only what was measured is said to be below its threshold: a server that ends, or has died, leaves a figure as it was. */
const OVER = {
  recovered: ' is below its threshold again',
  expired: ': no server finds it beyond its threshold any more. The one that did has not been heard of',
  switched_off: ': no server compares it with a threshold any more. The setting switches this alert off',
  stopped: ': no server finds it beyond its threshold any more. The one that did ends',
} as const satisfies Readonly<Record<AlertEnd, string>>;

/** What a breach is, in one sentence. */
export function summaryOf(name: string, breach: Breach | undefined): string {
  const { subject, unit } = descriptionOf(name);
  if (breach === undefined) return `${subject} is beyond its threshold.`;
  const { value, threshold, detail } = breach;
  return `${subject}${detail === undefined ? '' : ` (${detail})`} is ${rounded(value)} ${unit}; the threshold is ${threshold} ${unit}.`;
}

/** The same for an error. */
export function errorNotice({ severity, errorType, dependency, summary, at }: ErrorAlert, teller: Teller): AlertNotice {
  return {
    kind: 'error',
    name: errorType,
    scope: 'service',
    title: severity === 'critical' ? 'HandoffErrorEscalated' : 'HandoffErrorAlert',
    severity,
    summary: `An error needs attention: ${errorType}${dependency === undefined ? '' : ` (${dependency})`}.`,
    advice: summary,
    startsAtMs: Date.parse(at),
    ...teller,
  };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
