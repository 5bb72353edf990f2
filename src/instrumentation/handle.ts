import type { Logger, Meter, Tracer } from '@opentelemetry/api';
import type { FoundSdk } from './mcp/discovery/types.js';
import type { McpOptions } from './mcp/options.js';
import type { McpFaces } from './mcp/setUpMcp.js';
import type { LibraryStatus } from './libraries/libraryStatus.js';
import type { MetricsHandler } from './prometheus/scrape.js';
import { withdraw } from './running.js';
import type { InstrumentationStatus } from './status/instrumentationStatus.js';
import type { Telemetry } from './telemetry.js';

/** What `instrument()` returns. None of its functions throws, rejects or waits longer than `flushTimeoutMs`. */
export interface Instrumentation {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly logger: Logger;
  /**
   * Traces and measures every message of an MCP server, which is patched in place and returned. Accepts servers of both SDK
   * generations, connected or not.
   */
  instrumentServer<Server>(server: Server, options?: McpOptions): Server;
  /** Does the same for an MCP client. */
  instrumentClient<Client>(client: Client, options?: McpOptions): Client;
  /** Does the same for what `createMcpHandler()` returns: covers what that answers before or without a server. */
  instrumentHandler<Handler>(handler: Handler, options?: McpOptions): Handler;
  /** Does the same for the transport passed to `serveStdio()`: covers what that answers by itself. Call this first. */
  instrumentTransport<Transport>(transport: Transport, options?: McpOptions): Transport;
  /**
   * Answers an HTTP request with all metrics, in the Prometheus text format or, on request, as OpenMetrics; 503 while the
   * endpoint is off.
   */
  readonly metricsHandler: MetricsHandler;
  status(): InstrumentationStatus;
  /** Sends everything recorded so far. */
  flush(): Promise<void>;
  /** Flushes, stops, restores patched libraries and frees OpenTelemetry's globals; a later `instrument()` starts again. */
  shutdown(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface HandleParts {
  readonly telemetry: Telemetry;
  readonly started: 'active' | 'joined';
  readonly mcp: McpFaces;
  readonly copies: () => readonly FoundSdk[];
  readonly libraries: () => readonly LibraryStatus[];
  readonly notices: () => readonly string[];
  /** Removes everything that was hooked into the host; the last telemetry is sent after this. */
  readonly release: () => void;
  /** Called when the last telemetry was sent. */
  readonly finish: () => void;
}

/** Creates the host's handle on a running instrumentation. */
export function createHandle({ telemetry, started, mcp, copies, libraries, notices, release, finish }: HandleParts): Instrumentation {
  let state: InstrumentationStatus['state'] = started;
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
      notices: notices(),
    }),
    flush: () => telemetry.flush(),
    shutdown,
    [Symbol.asyncDispose]: shutdown,
  };
  return handle;
}
