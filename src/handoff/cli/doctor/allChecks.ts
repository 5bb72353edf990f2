import { systemClock } from '../../../time/clock.js';
import type { Check } from './examination/check.js';
import { archiveProbeCheck, archiveReadCheck } from './checks/archive.js';
import { cacheCheck, cacheNodesCheck } from './checks/cache.js';
import { databaseConnectCheck } from './checks/databaseConnect.js';
import { clockCheck } from './checks/databaseClock.js';
import { connectionsCheck } from './checks/databaseConnections.js';
import { partitionsCheck, timeoutsCheck } from './checks/databaseLimits.js';
import { databaseReachCheck } from './checks/databaseReach.js';
import { rightsCheck } from './checks/databaseRights.js';
import { schemaCheck } from './checks/databaseSchema.js';
import { migrationsCheck, writableCheck } from './checks/databaseState.js';
import { fileSystemCheck, folderSpaceCheck, folderWritableCheck } from './checks/dataFolder.js';
import { folderOwnerCheck } from './checks/folderOwner.js';
import { packagesCheck } from './checks/packages.js';
import { adminPortCheck, httpPortCheck } from './checks/ports.js';
import { logFileCheck } from './checks/logFile.js';
import { nodeCheck } from './checks/program.js';
import { secretFilesCheck } from './checks/secretFiles.js';
import { serverCheck } from './checks/server.js';
import { contradictionsCheck, unknownCheck, valuesCheck } from './checks/settings.js';
import { stdoutCheck } from './checks/stdout.js';
import { arrivalCheck } from './checks/telemetryArrival.js';
import { deliveryCheck } from './checks/telemetryDelivery.js';
import { telemetrySettingsCheck } from './checks/telemetrySettings.js';

/** What `handoff-otel doctor` looks at, in the order of its report and of docs/doctor.md. */
export const allChecks: readonly Check[] = [
  nodeCheck(),
  packagesCheck(),
  valuesCheck,
  unknownCheck,
  contradictionsCheck,
  secretFilesCheck,
  databaseReachCheck,
  databaseConnectCheck,
  writableCheck,
  rightsCheck,
  migrationsCheck,
  schemaCheck,
  connectionsCheck,
  clockCheck(systemClock),
  timeoutsCheck,
  partitionsCheck,
  folderWritableCheck,
  folderSpaceCheck,
  fileSystemCheck,
  folderOwnerCheck,
  cacheCheck,
  cacheNodesCheck,
  archiveReadCheck,
  archiveProbeCheck,
  httpPortCheck,
  adminPortCheck,
  telemetrySettingsCheck,
  deliveryCheck,
  arrivalCheck,
  stdoutCheck,
  logFileCheck(),
  serverCheck,
];
