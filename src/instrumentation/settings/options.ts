import type { Attributes } from '@opentelemetry/api';

/** What `instrument()` takes, but for `mcp`. Everything is optional; `OTEL_*` variables win over the defaults here, and over names. */
export interface TelemetryOptions {
  /** `service.name`, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES names one. Default: `unknown_service:node`. */
  readonly serviceName?: string;
  /** `service.version`, unless OTEL_RESOURCE_ATTRIBUTES has one. */
  readonly serviceVersion?: string;
  /** More resource attributes, on every signal. OTEL_RESOURCE_ATTRIBUTES wins over them. */
  readonly resourceAttributes?: Attributes;
  /**
   * The process speaks JSON-RPC on stdout. Then console exporters are refused, telemetry is also flushed when stdin
   * ends, and the Prometheus endpoint is off unless a port is set, since a host runs many such servers. Default false.
   */
  readonly stdio?: boolean;
  readonly prometheus?: PrometheusOptions;
  /** Longest wait of `flush()`, `shutdown()` and the exit hooks, milliseconds, 0 to 60000. Default 2000 (HANDOFF_FLUSH_TIMEOUT_MS). */
  readonly flushTimeoutMs?: number;
  /**
   * Get the last telemetry out on SIGTERM, SIGINT, SIGHUP, natural end, errors nobody caught, the close of an MCP transport over
   * pipes (and stdin end on stdio). How the process ends stays as it is. Default true. Turn off when the host calls `shutdown()` itself.
   */
  readonly exitHooks?: boolean;
  /**
   * Keep exception messages and status texts of spans. Default false: they often quote what a user sent.
   * Messages of databases never leave, whatever this says.
   */
  readonly captureErrorMessages?: boolean;
  /** Libraries to leave alone, by `false`. Default: all are covered. */
  readonly libraries?: LibraryOptions;
  /** Libraries that a bundler put into the program, where no search can find them: `instrument({ modules: { pg } })`. */
  readonly modules?: LibraryModules;
  /**
   * Deliver the last spans and log records also when the program calls `process.exit()`, by holding it up, at most
   * `flushTimeoutMs`. Default false (HANDOFF_FLUSH_ON_PROCESS_EXIT).
   */
  readonly flushOnProcessExit?: boolean;
  /**
   * How records of pino leave: `in-process`, through the same pipeline as spans (default), or `worker`, by
   * pino-opentelemetry-transport in a thread of its own, which must be installed. HANDOFF_LOG_TRANSPORT.
   */
  readonly logTransport?: LogTransport;
  /** Make `console.log` and the rest of the console write to stderr, and log records of what they write. Default false (HANDOFF_CONSOLE_TO_STDERR). */
  readonly consoleToStderr?: boolean;
}

export type LogTransport = 'in-process' | 'worker';

/** Modules as `import` or `require` gives them: the namespace or its default export. */
export interface LibraryModules {
  readonly pg?: object;
  /** Only needed when pools do not come from `pg.Pool`. */
  readonly 'pg-pool'?: object;
  readonly ioredis?: object;
  readonly pino?: object;
}

/** The pull endpoint, beside OTLP. Both read the same instruments and use the same names (see `promName`). */
export interface PrometheusOptions {
  /** Keep the aggregates that `metricsHandler` and the endpoint answer from; costs a little per recorded point. Default true; on stdio only with a port. */
  readonly enabled?: boolean;
  /** Answer on an own HTTP server. Default as `enabled`. Turn off to mount `metricsHandler` on the host's server instead. */
  readonly listen?: boolean;
  /** Port of that server; 0 takes a free one (see `status()`). Default OTEL_EXPORTER_PROMETHEUS_PORT, else 9464. A taken port is reported and survived. */
  readonly port?: number;
  /** Address it listens on. Default OTEL_EXPORTER_PROMETHEUS_HOST, else 127.0.0.1: other machines and containers cannot reach it until set. */
  readonly host?: string;
}

export interface LibraryOptions {
  readonly pg?: boolean;
  readonly ioredis?: boolean;
  readonly pino?: boolean;
  /** Event loop, garbage collection and heap metrics of Node. */
  readonly runtime?: boolean;
}
