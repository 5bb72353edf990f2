import { reportOnStderr } from './diagnostics/diagnostics.js';
import type { Instrumentation } from './handle.js';
import { createIdleHandle, unsupportedHandle } from './idleHandle.js';
import { handModulesTo } from './libraries/laterModules.js';
import { unmetRequirement } from './loading/supportedNode.js';
import type { InstrumentOptions } from './options.js';
import { explainSecondCall, publish, running } from './running.js';
import { readOption, readableEntries } from './settings/checkOptions.js';
import { resolveSettings } from './settings/resolve.js';
import { startSafely } from './start.js';

/**
 * Starts traces, metrics and logs for this process. They are sent by OTLP/HTTP; metrics are also served at a Prometheus
 * endpoint.
 *
 * Call it anywhere, before or after importing pg, ioredis or pino, in ES modules or CommonJS. It is synchronous and idempotent:
 * a second call returns the first one's handle and uses only `modules` of its own options. It never throws because of a setting
 * it cannot use; `status().notices` and stderr name such settings. It writes nothing to stdout.
 */
export function instrument(options: InstrumentOptions = {}): Instrumentation {
  return instrumentBy(options, process.env);
}

/** `instrument()` with the variables to read, for a caller that has read the environment itself and reported what is wrong with it. */
export function instrumentBy(options: InstrumentOptions, env: Readonly<Record<string, string | undefined>>): Instrumentation {
  const requirement = unmetRequirement(process.versions.node);
  // Nothing else may run before this: it may need what an older Node does not have.
  if (requirement !== undefined) return unsupportedHandle(requirement) as Instrumentation;
  const present = running();
  if (present !== undefined) {
    const { modules, ...rest } = Object.fromEntries(readableEntries(options));
    explainSecondCall(present, rest, reportOnStderr);
    handModulesTo(present, Object.fromEntries(readableEntries(modules)));
    return present as Instrumentation;
  }
  const settings = resolveSettings(options, env);
  for (const notice of settings.notices) reportOnStderr(notice);
  const instrumentation = settings.disabled
    ? createIdleHandle(settings.configFile?.usable === false ? 'failed' : 'disabled', settings.notices)
    : startSafely(settings, readOption(options, 'mcp'));
  publish(instrumentation);
  return instrumentation;
}
