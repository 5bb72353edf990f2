import { context, propagation } from '@opentelemetry/api';
import type { Logger, Meter, Tracer } from '@opentelemetry/api';
import { errorMessage } from './errors/classify.js';
import { flushStderr } from './logging/destination.js';
import { subscribePino } from './logging/pinoChannel.js';
import { logAttributesOf } from './mcp/emission/logAttributes.js';
import type { DiscoveryIo, FoundSdk } from './mcp/discovery/types.js';
import { setUpMcp, untouchedFaces } from './mcp/setUpMcp.js';
import type { McpFaces, McpSetup } from './mcp/setUpMcp.js';
import type { McpOptions } from './mcp/options.js';
import { bootTelemetry } from './providers/boot.js';
import { reportOnStderr } from './providers/diagnostics.js';
import { installExitHooks } from './providers/exitHooks.js';
import { isSdkRegistered } from './providers/globals.js';
import { disabledTelemetry, joinedTelemetry } from './providers/foreignSdk.js';
import { coverLibraries } from './providers/patching/libraries.js';
import { libraryStatus } from './providers/patching/libraryStatus.js';
import type { LibraryStatus } from './providers/patching/libraryStatus.js';
import type { MetricsHandler } from './providers/prometheus/scrape.js';
import type { InstrumentOptions as TelemetryOptions } from './providers/settings/options.js';
import { resolveSettings } from './providers/settings/resolve.js';
import type { TelemetrySettings } from './providers/settings/resolve.js';
import type { SignalsStatus } from './providers/status.js';
import type { Telemetry } from './providers/boot.js';
import { systemClock } from './time/clock.js';

/** What `status()` says. */
export interface InstrumentationStatus {
  /**
   * `active`: our SDK runs. `joined`: another SDK was registered first; spans and metrics go where it sends them.
   * `disabled`: OTEL_SDK_DISABLED. `failed`: the SDK could not be started, stderr says why. `shut down`: after `shutdown()`.
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
  /** Answers an HTTP request with all metrics in Prometheus' text format; 503 while the endpoint is off. */
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

/** Registered globally: an ESM and a CommonJS copy of this package, or two versions, must share one instrumentation. */
const RUNNING = Symbol.for('handoff-otel.instrumentation');

/**
 * Starts traces, metrics and logs for this process: by OTLP/HTTP, and metrics also at a Prometheus endpoint.
 *
 * Call it anywhere, before or after importing pg, ioredis or pino, in ES modules or CommonJS. Synchronous and
 * idempotent: a second call returns the first one's handle and ignores its own options. Never throws for a setting it
 * cannot use; `status().notices` and stderr name those. Writes nothing to stdout.
 */
export function instrument(options: InstrumentOptions = {}): Instrumentation {
  const running: unknown = Reflect.get(globalThis, RUNNING);
  if (isInstrumentation(running)) return running;
  const settings = resolveSettings(options, process.env);
  for (const notice of settings.notices) reportOnStderr(notice);
  const instrumentation = settings.disabled ? createIdle(settings, 'disabled') : startSafely(options, settings);
  Reflect.set(globalThis, RUNNING, instrumentation);
  return instrumentation;
}

/** A host must come up even when its telemetry does not. */
function startSafely(options: InstrumentOptions, settings: TelemetrySettings): Instrumentation {
  try {
    return start(options, settings);
  } catch (error) {
    reportOnStderr(`telemetry could not be started and stays off: ${errorMessage(error)}`);
    return createIdle(settings, 'failed');
  }
}

function start(options: InstrumentOptions, settings: TelemetrySettings): Instrumentation {
  const joins = isSdkRegistered();
  if (joins) reportOnStderr('another OpenTelemetry SDK is registered already; joining it: spans, metrics and logs go where it sends them, without our guard, flush and Prometheus endpoint.');
  const telemetry = joins
    ? joinedTelemetry(settings.flushTimeoutMs)
    : bootTelemetry({ options, settings, env: process.env, clock: systemClock, random: Math.random, report: reportOnStderr });
  const { tracer, meter, logger } = telemetry;
  const uncover = coverLibraries({ libraries: settings.libraries, tracer, meter, clock: systemClock, report: reportOnStderr });
  const mcp = setUpMcp(options.mcp ?? {}, { tracer, meter, propagation, clock: systemClock, env: process.env, io: discoveryIo() });
  const pino = settings.libraries.pino ? subscribePino(sendsLogs(settings) || joins ? { logger, attributes: () => logAttributesOf(context.active()) } : {}) : undefined;
  const unhook = settings.exitHooks && !joins ? installExitHooks({ host: process, stdio: settings.stdio, flush: telemetry.flushAtExit, flushLines: flushStderr, made: telemetry.made }) : undefined;
  const release = (): void => {
    unhook?.();
    pino?.disable();
    mcp.stop();
    uncover();
  };
  return createHandle(telemetry, settings, joins ? 'joined' : 'active', { mcp: mcp.faces, copies: mcp.copies, notices: mcp.notices, release });
}

function createIdle(settings: TelemetrySettings, state: 'disabled' | 'failed'): Instrumentation {
  return createHandle(disabledTelemetry(), settings, state, { mcp: untouchedFaces, copies: () => [], notices: [], release: () => {} });
}

interface HandleParts {
  readonly mcp: McpFaces;
  readonly copies: () => readonly FoundSdk[];
  readonly notices: readonly string[];
  readonly release: () => void;
}

function createHandle(telemetry: Telemetry, settings: TelemetrySettings, started: InstrumentationStatus['state'], { mcp, copies, notices, release }: HandleParts): Instrumentation {
  let state = started;
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    release();
    if (Reflect.get(globalThis, RUNNING) === handle) Reflect.deleteProperty(globalThis, RUNNING);
    await telemetry.shutdown();
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
      libraries: started === 'disabled' || started === 'failed' ? [] : libraryStatus(settings.libraries),
      mcpSdks: copies(),
      notices: [...settings.notices, ...notices],
    }),
    flush: () => telemetry.flush(),
    shutdown,
    [Symbol.asyncDispose]: shutdown,
  };
  return handle;
}

function discoveryIo(): DiscoveryIo {
  return { mainScript: process.argv[1], cwd: process.cwd(), nodeVersion: process.versions.node, report: reportOnStderr };
}

function sendsLogs({ logs }: TelemetrySettings): boolean {
  return logs.otlp || logs.console;
}

function isInstrumentation(value: unknown): value is Instrumentation {
  return typeof value === 'object' && value !== null && 'instrumentServer' in value;
}
