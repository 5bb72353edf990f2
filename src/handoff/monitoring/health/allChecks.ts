import type { Clock } from '../../../time/clock.js';
import type { ObjectStore } from '../../archive/objects/objectStore.js';
import type { Jobs } from '../../jobs/jobs.js';
import type { Cache } from '../../storage/cache.js';
import type { Degradations } from '../../resilience/degradations.js';
import type { Database } from '../../storage/database.js';
import { migrationStateReader } from '../../storage/migrate/migrationState.js';
import { archiveCheck } from './checks/archive.js';
import { databaseCheck } from './checks/database.js';
import { diskCheck } from './checks/disk.js';
import { eventLoopCheck } from './checks/eventLoop.js';
import type { LoopUse } from './checks/eventLoop.js';
import { featuresCheck } from './checks/features.js';
import { jobsCheck } from './checks/jobs.js';
import { memoryCheck } from './checks/memory.js';
import { migrationsCheck } from './checks/migrations.js';
import { partitionsCheck } from './checks/partitions.js';
import { redisCheck } from './checks/redis.js';
import { sweepsCheck } from './checks/sweeps.js';
import type { SweepLag } from './checks/sweeps.js';
import { telemetryCheck } from './checks/telemetry.js';
import type { TelemetryStatus } from './checks/telemetry.js';
import type { HealthCheck } from './finding.js';
import type { Suspicions } from './suspicions.js';

/** What the checks look at. */
export interface CheckSources {
  readonly database: Database;
  /** As it was given, so that probes do not count as operations of anybody. */
  readonly cache: Cache;
  readonly archive: ObjectStore | undefined;
  readonly jobs: Pick<Jobs, 'health'>;
  readonly readLag: () => Promise<SweepLag>;
  /** What calls do without. */
  readonly degradations: Pick<Degradations, 'list'>;
  /** Whether a circuit breaker refuses the statements of calls. */
  readonly isDatabaseLeftAlone: () => boolean;
  /** What calls have met with. */
  readonly suspicions: Suspicions;
  readonly clock: Clock;
}

/** What a host says about itself. */
export interface CheckSettings {
  /** Folder whose disk is watched: that of the embedded database or of the archive. Default: none. */
  readonly dataFolder?: string;
  /** Where telemetry goes: pass `status()` of `instrument()`. Default: nothing is known about it. */
  readonly telemetryStatus?: () => TelemetryStatus;
}

/** Every check there is, the most important first. There is none of a disk that nothing is written to. */
export function allChecks(
  { database, cache, archive, jobs, readLag, degradations, isDatabaseLeftAlone, suspicions, clock }: CheckSources,
  { dataFolder, telemetryStatus }: CheckSettings,
  lookAtLoop: () => LoopUse,
): readonly HealthCheck[] {
  return [
    databaseCheck(database, isDatabaseLeftAlone, suspicions),
    redisCheck(cache),
    memoryCheck(),
    ...(dataFolder === undefined ? [] : [diskCheck({ folder: dataFolder, isCritical: database.kind === 'embedded' })]),
    eventLoopCheck(lookAtLoop),
    archiveCheck(archive),
    migrationsCheck(migrationStateReader(database)),
    jobsCheck(() => jobs.health(), clock),
    sweepsCheck(readLag),
    partitionsCheck(database, clock),
    telemetryCheck(telemetryStatus),
    featuresCheck(() => degradations.list()),
  ];
}
