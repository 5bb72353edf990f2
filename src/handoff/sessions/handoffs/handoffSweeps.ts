import { checkedNumbers } from '../../config/checkedNumbers.js';
import { serviceLimits } from '../../config/serviceLimits.js';
import type { Meter } from '@opentelemetry/api';
import { handoffMetrics } from '../../../telemetry/catalogue/handoffs.js';
import { createInstrument } from '../../../telemetry/instruments.js';
import type { Observe } from '../../../telemetry/observe.js';
import type { Database } from '../../storage/database.js';
import { arrivedHandoffs } from './arrivedHandoffs.js';
import type { Arrival } from './arrivedHandoffs.js';
import { timeOutHandoffs } from './timeOutHandoffs.js';

/** What is done about handoffs besides what agents ask for. */
export interface HandoffSweeps {
  /** How long a target has to answer. */
  readonly timeoutHours: number;
  /** Times out at most `limit` handoffs that wait for an answer too long, and returns how many; fewer mean that no others were due. */
  timeOut(limit: number): Promise<number>;
  /** The handoffs of the last half minute. */
  arrived(): Promise<readonly Arrival[]>;
}

export interface HandoffSweepsDependencies {
  readonly database: Database;
  readonly observe: Observe;
  readonly meter: Meter;
  /** Default 24. */
  readonly handoffTimeoutHours: number | undefined;
}

const DEFAULT_TIMEOUT_HOURS = 24;

export function createHandoffSweeps({ database, observe, meter, handoffTimeoutHours }: HandoffSweepsDependencies): HandoffSweeps {
  checkedNumbers({ handoffTimeoutHours }, serviceLimits.handoffs);
  const timeoutHours = handoffTimeoutHours ?? DEFAULT_TIMEOUT_HOURS;
  const recordHandoffOutcome = createInstrument(meter, handoffMetrics.outcomes);
  return {
    timeoutHours,
    timeOut: (limit) => timeOutHandoffs({ database, observe, recordHandoffOutcome, handoffTimeoutHours: timeoutHours }, limit),
    arrived: () => arrivedHandoffs(database),
  };
}
