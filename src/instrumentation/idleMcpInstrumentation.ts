import { PACKAGE_VERSION, SCOPE_NAME } from '../telemetry/scope.js';
import { untouchedFaces } from './mcp/setUpMcp.js';

/** Stands in for `McpInstrumentation` where that cannot run: an SDK accepts it like any other instrumentation, and it does nothing. */
export class IdleMcpInstrumentation {
  readonly instrumentationName = SCOPE_NAME;
  readonly instrumentationVersion = PACKAGE_VERSION;
  readonly instrumentServer = untouchedFaces.instrumentServer;
  readonly instrumentClient = untouchedFaces.instrumentClient;
  readonly instrumentHandler = untouchedFaces.instrumentHandler;
  readonly instrumentTransport = untouchedFaces.instrumentTransport;
  #config: object;

  constructor(config: object = {}) {
    this.#config = { enabled: true, ...config };
  }

  enable(): void {}

  disable(): void {}

  setTracerProvider(): void {}

  setMeterProvider(): void {}

  setLoggerProvider(): void {}

  setConfig(config: object): void {
    this.#config = config;
  }

  getConfig(): object {
    return this.#config;
  }
}
