import { alertTargetVariables, memoryVariables, thresholdVariables } from './alertVariables.js';
import { admissionVariables } from './admissionVariables.js';
import { cacheVariables } from './cacheVariables.js';
import { codebaseVariables } from './codebaseVariables.js';
import { identityVariables } from './earlierVariables.js';
import { adminVariables, analyticsVariables, dashboardVariables, monitoringVariables } from './monitoringVariables.js';
import {
  archiveVariables,
  configFileVariables,
  httpVariables,
  jobVariables,
  limitVariables,
  serverProcessVariables,
  storageVariables,
} from './serverVariables.js';
import { telemetryVariables } from './telemetryVariables.js';
import { textOf } from './reader.js';
import type { Env } from './reader.js';

/**
 * Every variable of this package, except the other names that `earlierVariables.ts` has for some. The server reads all of them,
 * `instrument()` those of `telemetryVariables`.
 */
export const handoffVariables = {
  ...storageVariables,
  ...jobVariables,
  ...cacheVariables,
  ...archiveVariables,
  ...httpVariables,
  ...adminVariables,
  ...monitoringVariables,
  ...analyticsVariables,
  ...dashboardVariables,
  ...thresholdVariables,
  ...alertTargetVariables,
  ...memoryVariables,
  ...limitVariables,
  ...admissionVariables,
  ...codebaseVariables,
  ...serverProcessVariables,
  ...configFileVariables,
  ...identityVariables,
  ...telemetryVariables,
};

/** `HANDOFF_*` variables that are set but are not recognised settings; most likely they are misspelt. */
export function unknownVariables(env: Env): readonly string[] {
  return Object.keys(env).filter(
    (name) => name.startsWith('HANDOFF_') && !Object.hasOwn(handoffVariables, name) && textOf(env, name) !== undefined,
  );
}
