import { context, propagation } from '@opentelemetry/api';
import type { Logger, Meter, Tracer } from '@opentelemetry/api';
import { errorMessage } from '../errors/classify.js';
import { createIdleHandle, unsupportedHandle } from './idleHandle.js';
import { flushStderr } from '../logging/destination.js';
import { logAttributesOf } from './mcp/emission/logAttributes.js';
import type { FoundSdk } from './mcp/discovery/types.js';
import { setUpMcp } from './mcp/setUpMcp.js';
import type { McpFaces, McpSetup } from './mcp/setUpMcp.js';
import type { McpOptions } from './mcp/options.js';
import { unmetRequirement } from './loading/supportedNode.js';
import { bootTelemetry } from './boot.js';
import { discoveryIo } from './discoveryIo.js';
import { reportOnStderr } from './diagnostics/diagnostics.js';
import { installExitHooks } from './exit/exitHooks.js';
import { registeredSignals } from './sdk/globals.js';
import { joinedTelemetry, joiningLine } from './sdk/foreignSdk.js';
import { coverHostLogs } from './logs/coverHostLogs.js';
import { acceptModules, handModulesTo } from './libraries/laterModules.js';
import { coverLibraries } from './libraries/libraries.js';
import type { LibraryStatus } from './libraries/libraryStatus.js';
import { explainSecondCall, publish, running, withdraw } from './pipeline/running.js';
import { Undo } from '../time/undo.js';
import type { MetricsHandler } from './prometheus/scrape.js';
import { readOption, readableEntries } from './settings/checkOptions.js';
import type { InstrumentOptions as TelemetryOptions } from './settings/options.js';
import { resolveSettings } from './settings/resolve.js';
import type { TelemetrySettings } from './settings/resolve.js';
import type { SignalsStatus } from './diagnostics/status.js';
import type { Telemetry } from './boot.js';
import { systemClock } from '../time/clock.js';

/** What `status()` says. */
export interface InstrumentationStatus {
  /**
   * `active`: our SDK runs. `joined`: another SDK was registered first; spans and metrics go where it sends them.
   * `disabled`: OTEL_SDK_DISABLED. `failed`: the SDK could not be started, OTEL_CONFIG_FILE not be used, or this version of Node is too
   * old; stderr says why. `shut down`: after `shutdown()`.
   */
  readonly state: 'active' | 'joined' | 'disabled' | 'failed' | 'shut down';
  /** Present when `active`. */
  readonly signals?: SignalsStatus;
  readonly libraries: readonly LibraryStatus[];
  /** Copies of the MCP SDKs that were found, whose servers and clients need no `instrumentServer()`. */
  readonly mcpSdks: readonly FoundSdk[];
  /** Settings not taken as given, one sentence each. */
  readonly notices: readonly string[];
}

/** What `instrument()` returns. No function of it throws, rejects or waits longer than `flushTimeoutMs`. */
export interface Instrumentation {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly logger: Logger;
  /** Traces and measures every message of an MCP server; patches it in place and returns it. Accepts servers of both SDK generations, connected or not. */
  instrumentServer<Server>(server: Server, options?: McpOptions): Server;
  /** The same for an MCP client. */
  instrumentClient<Client>(client: Client, options?: McpOptions): Client;
  /** For what `createMcpHandler()` returns: what it answers before or without a server. */
  instrumentHandler<Handler>(handler: Handler, options?: McpOptions): Handler;
  /** For the transport given to `serveStdio()`: what that answers by itself. Call it before. */
  instrumentTransport<Transport>(transport: Transport, options?: McpOptions): Transport;
  /** Answers an HTTP request with all metrics in Prometheus' text format, or as OpenMetrics where that is asked for; 503 while the endpoint is off. */
  readonly metricsHandler: MetricsHandler;
  status(): InstrumentationStatus;
  /** Sends everything made so far. */
  flush(): Promise<void>;
  /** Flushes, stops, restores patched libraries and frees OpenTelemetry's globals; a later `instrument()` starts afresh. */
  shutdown(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What `instrument()` takes. Everything is optional; `OTEL_*` variables win over the defaults here, and over names. */
export interface InstrumentOptions extends TelemetryOptions {
  /** MCP servers and clients. */
  readonly mcp?: McpSetup;
}

/**
 * Starts traces, metrics and logs for this process: by OTLP/HTTP, and metrics also at a Prometheus endpoint.
 *
 * Call it anywhere, before or after importing pg, ioredis or pino, in ES modules or CommonJS. Synchronous and
 * idempotent: a second call returns the first one's handle and takes nothing of its own options but `modules`. Never throws for a setting it
 * cannot use; `status().notices` and stderr name those. Writes nothing to stdout.
 */
export function instrument(options: InstrumentOptions = {}): Instrumentation {
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
  const instrumentation = startAsSet(options);
  publish(instrumentation);
  return instrumentation;
}

function startAsSet(options: InstrumentOptions): Instrumentation {
  const settings = resolveSettings(options, process.env);
  for (const notice of settings.notices) reportOnStderr(notice);
  if (settings.disabled) return createIdleHandle(settings.configFile?.usable === false ? 'failed' : 'disabled', settings.notices);
  return startSafely(readOption(options, 'mcp'), settings);
}

/** A host must come up even when its telemetry does not, and nothing of that may be left half-way. */
function startSafely(mcpSetup: unknown, settings: TelemetrySettings): Instrumentation {
  const undo = new Undo(reportOnStderr);
  try {
    return start(mcpSetup, settings, undo);
  } catch (error) {
    undo.run();
    reportOnStderr(`telemetry could not be started and stays off: ${errorMessage(error)}`);
    return createIdleHandle('failed', settings.notices);
  }
}

function start(mcpSetup: unknown, settings: TelemetrySettings, undo: Undo): Instrumentation {
  const registered = registeredSignals();
  const joins = registered.length > 0;
  if (joins) reportOnStderr(joiningLine(registered));
  const telemetry = joins
    ? joinedTelemetry(settings.flushTimeoutMs)
    : bootTelemetry({
        options: settings.options,
        settings,
        env: process.env,
        clock: systemClock,
        random: Math.random,
        report: reportOnStderr,
      });
  const { tracer, meter, logger } = telemetry;
  let isStarted = false;
  undo.add(() => {
    if (!isStarted) void telemetry.shutdown();
  });
  const hooks =
    settings.exitHooks && !joins
      ? installExitHooks({ ...settings, ...telemetry, host: process, flush: telemetry.flushAtExit, flushLines: flushStderr })
      : undefined;
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
    ...(hooks === undefined ? {} : { onConversationEnd: hooks.conversationEnded }),
  });
  undo.add(mcp.stop);
  const hostLogs = coverHostLogs({
    settings,
    joins,
    logger,
    pinoLogger: telemetry.pinoLogger,
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
    nodeVersion: process.versions.node,
    report: reportOnStderr,
  });
  undo.add(coverage.uncover);
  isStarted = true;
  const handle = createHandle(telemetry, settings, joins ? 'joined' : 'active', {
    mcp: mcp.faces,
    copies: mcp.copies,
    libraries: coverage.status,
    notices: () => [...telemetry.notices(), ...coverage.notices(), ...mcp.notices, ...hostLogs.notices()],
    release: () => undo.run(),
    finish: () => hooks?.finish(),
  });
  acceptModules(handle, coverage.handOver);
  return handle;
}

interface HandleParts {
  readonly mcp: McpFaces;
  readonly copies: () => readonly FoundSdk[];
  readonly libraries: () => readonly LibraryStatus[];
  readonly notices: () => readonly string[];
  /** Lets go of the host; the last is sent after it. */
  readonly release: () => void;
  /** When the last was sent. */
  readonly finish: () => void;
}

function createHandle(
  telemetry: Telemetry,
  settings: TelemetrySettings,
  started: InstrumentationStatus['state'],
  { mcp, copies, libraries, notices, release, finish }: HandleParts,
): Instrumentation {
  let state = started;
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    release();
    withdraw(handle);
    await telemetry.shutdown();
    finish();
    state = 'shut down';
  };
  const shutdown = (): Promise<void> => (stopping ??= stop());
  const handle: Instrumentation = {
    tracer: telemetry.tracer,
    meter: telemetry.meter,
    logger: telemetry.logger,
    metricsHandler: telemetry.metricsHandler,
    instrumentServer: mcp.instrumentServer,
    instrumentClient: mcp.instrumentClient,
    instrumentHandler: mcp.instrumentHandler,
    instrumentTransport: mcp.instrumentTransport,
    status: () => ({
      state,
      ...(started === 'active' ? { signals: telemetry.status() } : {}),
      libraries: libraries(),
      mcpSdks: copies(),
      notices: [...settings.notices, ...notices()],
    }),
    flush: () => telemetry.flush(),
    shutdown,
    [Symbol.asyncDispose]: shutdown,
  };
  return handle;
}
