import { metrics, propagation, trace } from '@opentelemetry/api';
import type { LoggerProvider, Meter, MeterProvider, Tracer, TracerProvider } from '@opentelemetry/api';
import type { Instrumentation, InstrumentationConfig } from '@opentelemetry/instrumentation';
import { PACKAGE_VERSION, SCOPE_NAME } from '../telemetry/scope.js';
import { systemClock } from '../time/clock.js';
import { discoveryIo } from './discoveryIo.js';
import { unmetRequirement } from './loading/supportedNode.js';
import { HandedOver } from './mcp/handedOver.js';
import type { McpOptions } from './mcp/options.js';
import { readableEntries } from './settings/checkOptions.js';
import { setUpMcp } from './mcp/setUpMcp.js';
import type { McpFaces, McpSetup, RunningMcp } from './mcp/setUpMcp.js';
import { reportUnsupportedNode } from './unsupportedNode.js';

/** The options of `new McpInstrumentation()`. Everything is optional; what is not given comes from `HANDOFF_MCP_*`. */
export interface McpInstrumentationConfig extends McpSetup, InstrumentationConfig {}

/**
 * The MCP telemetry of `instrument()` as an OpenTelemetry `Instrumentation`, for hosts that have a setup of their own: NodeSDK,
 * the auto-instrumentations, a vendor's distribution.
 *
 *     new NodeSDK({ instrumentations: [new McpInstrumentation()] }).start();
 *
 * It is enabled on construction, unless `enabled` is false, and finds the MCP SDKs by itself. Spans and metrics go to the
 * providers that are set, even on open connections, and to the global ones until then. It starts no SDK and sends nothing by
 * itself. No function throws.
 *
 * Only one instrumentation hooks MCP in a process. One that is enabled alongside another, or alongside `instrument()`, says so
 * on stderr, does nothing, and passes what it is given to the other one.
 */
export class McpInstrumentation implements Instrumentation<McpInstrumentationConfig>, McpFaces {
  readonly instrumentationName = SCOPE_NAME;
  readonly instrumentationVersion = PACKAGE_VERSION;
  readonly #handed = new HandedOver();
  #config: McpInstrumentationConfig;
  #tracer: Tracer | undefined;
  #meter: Meter | undefined;
  #running: RunningMcp | undefined;

  constructor(config: McpInstrumentationConfig = {}) {
    this.#config = withDefaults(config);
    if (this.#config.enabled === true) this.enable();
  }

  /** Hooks MCP servers and clients, including those handed over earlier. Changes nothing when they are already hooked. */
  enable(): void {
    const requirement = unmetRequirement(process.versions.node);
    // Nothing else may run before this: it may need what an older Node does not have.
    if (requirement !== undefined) {
      reportUnsupportedNode(requirement);
      return;
    }
    if (this.#running !== undefined) return;
    this.#running = setUpMcp(this.#config, {
      name: 'McpInstrumentation',
      tracer: this.#tracer ?? trace.getTracer(SCOPE_NAME, PACKAGE_VERSION),
      meter: this.#meter ?? metrics.getMeter(SCOPE_NAME, PACKAGE_VERSION),
      propagation,
      clock: systemClock,
      env: process.env,
      io: discoveryIo(),
    });
    this.#handed.giveTo(this.#running.faces);
  }

  /** Restores everything that was hooked, and ends all open spans. */
  disable(): void {
    const running = this.#running;
    this.#running = undefined;
    running?.stop();
  }

  setTracerProvider(tracerProvider: TracerProvider): void {
    this.#tracer = tracerProvider.getTracer(this.instrumentationName, this.instrumentationVersion);
    this.#running?.moveTo({ tracer: this.#tracer });
  }

  setMeterProvider(meterProvider: MeterProvider): void {
    this.#meter = meterProvider.getMeter(this.instrumentationName, this.instrumentationVersion);
    this.#running?.moveTo({ meter: this.#meter });
  }

  /** Part of the interface; it has no effect, because MCP telemetry has no log records of its own. */
  setLoggerProvider(_loggerProvider: LoggerProvider): void {}

  /**
   * Applies to what connects or is handed over from now on. Like `enabled`, `discover` and `longSessions` are read when it is
   * next enabled.
   */
  setConfig(config: McpInstrumentationConfig): void {
    this.#config = withDefaults(config);
    this.#running?.configure(this.#config);
  }

  getConfig(): McpInstrumentationConfig {
    return this.#config;
  }

  /** These are the same as the `instrument…` functions of `Instrumentation` in `handoff-otel`. */
  instrumentServer<Server>(server: Server, options?: McpOptions): Server {
    return this.#hand('instrumentServer', server, options);
  }

  instrumentClient<Client>(client: Client, options?: McpOptions): Client {
    return this.#hand('instrumentClient', client, options);
  }

  instrumentHandler<Handler>(handler: Handler, options?: McpOptions): Handler {
    return this.#hand('instrumentHandler', handler, options);
  }

  instrumentTransport<Transport>(transport: Transport, options?: McpOptions): Transport {
    return this.#hand('instrumentTransport', transport, options);
  }

  #hand<Target>(face: keyof McpFaces, target: Target, options: McpOptions | undefined): Target {
    this.#handed.note(face, target, options);
    return this.#running === undefined ? target : this.#running.faces[face](target, options);
  }
}

/** JavaScript hosts may pass anything, even an object that throws when it is read. */
function withDefaults(config: unknown): McpInstrumentationConfig {
  return { enabled: true, ...Object.fromEntries(readableEntries(config)) };
}
