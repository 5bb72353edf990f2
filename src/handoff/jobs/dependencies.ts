import type { Observe } from '../../telemetry/observe.js';
import type { Clock } from '../../time/clock.js';
import type { Database } from '../storage/database.js';
import type { JobDefinition } from './jobDefinition.js';
import type { JobEngine } from './jobEngine.js';
import type { JobReports } from './jobReports.js';

/** Dependencies of the jobs; created once by the composition root. */
export interface JobDependencies {
  readonly database: Database;
  readonly engine: JobEngine;
  readonly definitions: readonly JobDefinition[];
  readonly observe: Observe;
  readonly clock: Clock;
  /** Uniform in [0, 1); jitter only. */
  readonly random: () => number;
  readonly reports: JobReports;
  /** Whether this process may run jobs now. May change: see `mayRunJobs`. */
  readonly mayRun: () => boolean;
}
