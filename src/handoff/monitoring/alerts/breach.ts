import type { AlertName } from '../../../telemetry/catalogue/alerts.js';
import type { AlertEnd } from '../../notification/alertNotice.js';

/** Why an alert of this server is over; `expired` is what others say of one that died. */
export type OwnEnd = Exclude<AlertEnd, 'expired'>;

/** A figure of this server that is beyond its threshold, and has been for long enough. */
export interface Breach {
  readonly name: AlertName;
  readonly scope: string;
  /** As last measured. */
  readonly value: number;
  readonly threshold: number;
  readonly detail?: string | undefined;
  /** When the alert was raised, by the monotonic clock in milliseconds. */
  readonly sinceMs: number;
}

/** A beginning or an end that it falls to this server to tell. */
export interface AlertChange {
  readonly change: 'raised' | 'cleared';
  readonly key: string;
  readonly name: string;
  readonly scope: string;
  /** Milliseconds since the epoch. */
  readonly startsAtMs: number;
  /** Of a beginning. */
  readonly breach?: Breach;
  /** Of an end. */
  readonly cause?: AlertEnd;
}
