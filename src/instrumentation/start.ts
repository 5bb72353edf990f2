import { context, propagation } from '@opentelemetry/api';
import { errorMessage } from '../errors/classify.js';
import { flushStderr } from '../logging/stderrDestination.js';
import { systemClock } from '../time/clock.js';
import { Undo } from '../errors/undo.js';
import { bootTelemetry } from './boot.js';
import { reportOnStderr } from './diagnostics/diagnostics.js';
import { discoveryIo } from './discoveryIo.js';
import { installExitHooks } from './exit/exitHooks.js';
import type { ExitHooks } from './exit/exitHooks.js';
import { joinedTelemetry, joiningLine } from './foreignSdk.js';
import { createHandle } from './handle.js';
import type { Instrumentation } from './handle.js';
import { createIdleHandle } from './idleHandle.js';
import { acceptModules } from './libraries/laterModules.js';
import { coverLibraries } from './libraries/libraries.js';
import { jsRuntimeOf } from './loading/jsRuntime.js';
import type { JsRuntime } from './loading/jsRuntime.js';
import { coverHostLogs } from './logs/coverHostLogs.js';
import { logAttributesOf } from './mcp/emission/logAttributes.js';
import { setUpMcp } from './mcp/setUpMcp.js';
import { registeredSignals } from './sdk/globals.js';
import type { TelemetrySettings } from './settings/resolve.js';
import type { Telemetry } from './telemetry.js';

/**
 * Starts all parts according to `settings`. A host must come up even when its telemetry does not, and no telemetry may be left
 * half-started: when one part cannot be started, the parts started before it are undone.
 *
 * @param mcpSetup the option `mcp` as the host gave it, unchecked
 */
export function startSafely(settings: TelemetrySettings, mcpSetup: unknown): Instrumentation {
  const undo = new Undo(reportOnStderr);
  const afterMetrics = new Undo(reportOnStderr);
  try {
    return start(settings, mcpSetup, { undo, afterMetrics });
  } catch (error) {
    undo.run();
    afterMetrics.run();
    reportOnStderr(`telemetry could not be started and stays off: ${errorMessage(error)}`);
    return createIdleHandle('failed', settings.notices);
  }
}

interface Endings {
  readonly undo: Undo;
  /** What `undo` leaves until the last metrics were collected. */
  readonly afterMetrics: Undo;
}

function start(settings: TelemetrySettings, mcpSetup: unknown, { undo, afterMetrics }: Endings): Instrumentation {
  const runtime = jsRuntimeOf(process.versions);
  const registered = registeredSignals();
  const joins = registered.length > 0;
  if (joins) reportOnStderr(joiningLine(registered));
  const telemetry = joins
    ? joinedTelemetry(settings.flushTimeoutMs)
    : bootTelemetry({ settings, env: process.env, clock: systemClock, random: Math.random, report: reportOnStderr });
  const { tracer, meter, logger } = telemetry;
  let isStarted = false;
  undo.add(() => {
    if (!isStarted) void telemetry.shutdown();
  });
  const hooks = settings.exitHooks && !joins ? hookExits(settings, telemetry, runtime) : undefined;
  undo.add(() => hooks?.remove());
  undo.add(() => {
    if (!isStarted) hooks?.finish();
  });
  const mcp = setUpMcp(mcpSetup, {
    tracer,
    meter,
    propagation,
    clock: systemClock,
    env: process.env,
    io: discoveryIo(),
    afterMetrics: (step) => {
      afterMetrics.add(step);
    },
    ...(hooks === undefined ? {} : { onConversationEnd: hooks.conversationEnded }),
  });
  undo.add(mcp.stop);
  const hostLogs = coverHostLogs({
    settings,
    joins,
    logger,
    attributes: () => logAttributesOf(context.active()),
    report: reportOnStderr,
  });
  undo.add(hostLogs.release);
  const coverage = coverLibraries({
    libraries: settings.libraries,
    modules: settings.modules,
    pino: hostLogs.pino,
    tracer,
    meter,
    clock: systemClock,
    runtime,
    report: reportOnStderr,
    afterMetrics: (step) => {
      afterMetrics.add(step);
    },
  });
  undo.add(coverage.uncover);
  isStarted = true;
  const handle = createHandle({
    telemetry,
    started: joins ? 'joined' : 'active',
    mcp: mcp.faces,
    copies: mcp.copies,
    libraries: coverage.status,
    notices: () => [...settings.notices, ...coverage.notices(), ...mcp.notices, ...hostLogs.notices()],
    release: () => undo.run(),
    finish: () => {
      afterMetrics.run();
      hooks?.finish();
    },
  });
  acceptModules(handle, coverage.handOver);
  return handle;
}

function hookExits(settings: TelemetrySettings, telemetry: Telemetry, runtime: JsRuntime): ExitHooks {
  return installExitHooks({
    ...settings,
    ...telemetry,
    host: process,
    flush: telemetry.flushAtExit,
    flushLines: flushStderr,
    exitFollowsFatal: runtime.name !== 'deno',
  });
}
