import type { Attributes } from '@opentelemetry/api';

/**
 * The options of `instrument()` except `mcp`. Everything is optional; `OTEL_*` variables take precedence over the defaults
 * here, and over names.
 */
export interface TelemetryOptions {
  /** `service.name`, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES sets it. Default: `unknown_service:node`. */
  readonly serviceName?: string;
  /** `service.version`, unless OTEL_RESOURCE_ATTRIBUTES sets it. */
  readonly serviceVersion?: string;
  /** Additional resource attributes for every signal. OTEL_RESOURCE_ATTRIBUTES takes precedence over them. */
  readonly resourceAttributes?: Attributes;
  /**
   * Set this when the process speaks JSON-RPC on stdout. Console exporters are then refused, telemetry is also flushed when
   * stdin ends, and the Prometheus endpoint is off unless a port is set, since a host runs many such servers. Default false.
   */
  readonly stdio?: boolean;
  readonly prometheus?: PrometheusOptions;
  /**
   * Longest time that `flush()`, `shutdown()` and the exit hooks wait, in milliseconds, 0 to 60000. Default 2000
   * (HANDOFF_FLUSH_TIMEOUT_MS).
   */
  readonly flushTimeoutMs?: number;
  /**
   * Flush the last telemetry on SIGTERM, SIGINT and SIGHUP, on a natural exit, on uncaught errors, and when an MCP transport
   * over pipes closes (on stdio also when stdin ends). How the process ends does not change. Default true. Turn this off when
   * the host calls `shutdown()` itself.
   */
  readonly exitHooks?: boolean;
  /**
   * Keep the exception messages and status texts of spans. Default false, because they often quote what a user sent. Database
   * messages are never sent, whatever this says.
   */
  readonly captureErrorMessages?: boolean;
  /** Set a library to `false` to leave it alone. Default: all are instrumented. */
  readonly libraries?: LibraryOptions;
  /** Libraries that were bundled into the program, where no search can find them: `instrument({ modules: { pg } })`. */
  readonly modules?: LibraryModules;
  /**
   * Also deliver the last spans and log records when the program calls `process.exit()`, by delaying the exit by at most
   * `flushTimeoutMs`. Default false (HANDOFF_FLUSH_ON_PROCESS_EXIT).
   */
  readonly flushOnProcessExit?: boolean;
  /**
   * Make `console.log` and the rest of the console write to stderr, and turn what they write into log records. Default false
   * (HANDOFF_CONSOLE_TO_STDERR).
   */
  readonly consoleToStderr?: boolean;
}

/** Modules as `import` or `require` returns them: the namespace or its default export. */
export interface LibraryModules {
  readonly pg?: object;
  /** Only needed when pools do not come from `pg.Pool`. */
  readonly 'pg-pool'?: object;
  readonly ioredis?: object;
  readonly pino?: object;
}

/** The pull endpoint, in addition to OTLP. Both read the same instruments and use the same names (see `promName`). */
export interface PrometheusOptions {
  /**
   * Keep the aggregates that `metricsHandler` and the endpoint serve; costs a little per recorded point. Default true; on stdio
   * only with a port.
   */
  readonly enabled?: boolean;
  /**
   * Run an HTTP server for the endpoint. Default: same as `enabled`. Turn this off to mount `metricsHandler` on the host's
   * server instead.
   */
  readonly listen?: boolean;
  /**
   * Port of that server; 0 picks a free one (see `status()`). Default OTEL_EXPORTER_PROMETHEUS_PORT, else 9464. A port in use
   * is reported, and the program continues.
   */
  readonly port?: number;
  /**
   * Address it listens on. Default OTEL_EXPORTER_PROMETHEUS_HOST, else 127.0.0.1: other machines and containers cannot reach it
   * unless this is set.
   */
  readonly host?: string;
}

export interface LibraryOptions {
  readonly pg?: boolean;
  readonly ioredis?: boolean;
  readonly pino?: boolean;
  /** Node's event loop, garbage collection and heap metrics. */
  readonly runtime?: boolean;
}
