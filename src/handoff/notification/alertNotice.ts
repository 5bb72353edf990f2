/** An alert as people are told of it. Nothing in it is content of callers, and no credentials are. */
export interface AlertNotice {
  /** What it is about: a threshold that a figure is beyond, or an error. */
  readonly kind: 'threshold' | 'error';
  /** Name of the threshold, or code or class of the error. */
  readonly name: string;
  /** Where it holds: `service` for all servers of a database together, `server:…` for one process, `host:…` for one machine. */
  readonly scope: string;
  /** Name in Pascal case, as alerts of Prometheus have them. */
  readonly title: string;
  readonly severity: 'warning' | 'critical';
  /** Name of the service. */
  readonly service: string;
  /** The server that tells. */
  readonly server: string;
  /** One sentence about what is wrong. */
  readonly summary: string;
  /** What to do. */
  readonly advice: string;
  /** The figure and its threshold, in `unit`; absent for errors, and where nobody measures any more. */
  readonly value?: number;
  readonly threshold?: number;
  readonly unit?: string;
  /** Milliseconds since the epoch. */
  readonly startsAtMs: number;
  /** When it was over; absent while it is not. */
  readonly endsAtMs?: number;
  /** Why it is over: the figure is below its threshold, its server has not been heard of, or it ends. */
  readonly cause?: AlertEnd;
}

export type AlertEnd = 'recovered' | 'expired' | 'stopped' | 'switched_off';

/** The same for the beginning and the end of an alert, whoever tells. */
export function keyOf({ name, scope }: Pick<AlertNotice, 'name' | 'scope'>): string {
  return `${name}/${scope}`;
}
