import { propagation } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { Connection } from '../../../../src/instrumentation/mcp/connection/connection.js';
import { ActiveRequests } from '../../../../src/instrumentation/mcp/emission/activeRequests.js';
import type { McpOptions } from '../../../../src/instrumentation/mcp/options.js';
import { createScope, createShared } from '../../../../src/instrumentation/mcp/scope/scope.js';
import type { Scope } from '../../../../src/instrumentation/mcp/scope/scope.js';
import type { ProtocolLike, TransportLike } from '../../../../src/instrumentation/mcp/shapes.js';
import type { RecordPoint } from '../../../../src/telemetry/instruments.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';
import type { TelemetryHarness } from './telemetryHarness.js';

export interface Point {
  readonly metric: 'received' | 'sent' | 'server session' | 'client session' | 'subscription';
  readonly seconds: number;
  readonly attributes: Attributes;
}

/** Scopes and connections whose points land in a list and whose time stands still, for tests of single classes. */
export class TestScope {
  readonly clock = new FakeClock();
  readonly points: Point[] = [];
  readonly scope: Scope;

  constructor(telemetry: TelemetryHarness, options: McpOptions = {}) {
    const into =
      (metric: Point['metric']): RecordPoint =>
      (seconds, attributes) =>
        this.points.push({ metric, seconds, attributes });
    const emitter = {
      tracer: telemetry.tracer,
      clock: this.clock,
      active: new ActiveRequests(telemetry.meterProvider.getMeter('test')),
      operation: { received: into('received'), sent: into('sent') },
      session: { server: into('server session'), client: into('client session') },
      subscription: into('subscription'),
    };
    this.scope = createScope(createShared(emitter, propagation), options);
  }

  connect({
    protocol = {},
    transport = {},
    server = {},
  }: {
    readonly protocol?: object;
    readonly transport?: object;
    readonly server?: object;
  } = {}): Connection {
    const noop = (): undefined => undefined;
    const wire: TransportLike = { start: noop, send: noop, ...transport };
    const side: ProtocolLike = { connect: noop, setRequestHandler: noop, ...protocol };
    return new Connection({ scope: this.scope, protocol: side, transport: wire, names: this.scope.namesOf(server) });
  }
}
