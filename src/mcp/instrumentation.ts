import type { Meter, Tracer } from '@opentelemetry/api';
import { metrics } from '../telemetry/catalogue.js';
import { createInstrument } from '../telemetry/instruments.js';
import type { Clock } from '../time/clock.js';
import { Connection } from './connection.js';
import type { ConnectionDependencies } from './connection.js';
import { networkOf } from './network.js';
import type { Network } from './network.js';
import type { Extractor } from './parentContext.js';
import { isRecord, isTransport, protocolOf } from './shapes.js';
import type { ProtocolLike, TransportLike } from './shapes.js';
import { TargetNames } from './targetNames.js';
import type { TargetKind } from './targetNames.js';
import { hookTransport } from './transportHook.js';

export interface McpInstrumentationDependencies {
  readonly tracer: Tracer;
  readonly meter: Meter;
  /** `propagation` of `@opentelemetry/api`: the configured propagators read `params._meta`. */
  readonly propagation: Extractor;
  readonly clock: Clock;
}

export interface InstrumentServerOptions {
  /** What the server's transport runs over, for custom transports we cannot tell. Default: found out per connection. */
  readonly network?: Network;
}

export interface McpInstrumentation {
  /**
   * Traces and measures every request `server` receives, on connections it has and will have.
   *
   * Takes an `McpServer` or a low-level `Server` of either SDK generation, patches it in place and returns it. Anything
   * else is returned untouched. Calling it again for the same server changes nothing.
   */
  instrumentServer<Server>(server: Server, options?: InstrumentServerOptions): Server;
  /** Stops tracing new requests; those under way still end their spans. */
  disable(): void;
}

/** On the patched `connect`, naming who patched it. Registered globally, so that an ESM and a CJS copy of us see each other. */
const PATCHED_BY = Symbol.for('handoff-otel.mcp.patchedBy');

interface Activation {
  active: boolean;
}

/** Builds the MCP instrumentation; call once per process. Throws nothing later: telemetry that fails leaves servers as they were. */
export function createMcpInstrumentation({ tracer, meter, propagation, clock }: McpInstrumentationDependencies): McpInstrumentation {
  const dependencies: ConnectionDependencies = {
    tracer,
    propagation,
    clock,
    recordDuration: createInstrument(meter, metrics.mcpServerOperationDuration),
  };
  const activation: Activation = { active: true };
  const listed: Record<TargetKind, Set<string>> = { tool: new Set(), prompt: new Set() };
  const hooked = new WeakSet<TransportLike>();

  function attach(transport: TransportLike, protocol: ProtocolLike, names: TargetNames, options: InstrumentServerOptions): void {
    if (hooked.has(transport)) return;
    hooked.add(transport);
    const network = options.network ?? networkOf(transport);
    hookTransport(transport, new Connection(dependencies, { protocol, transport, names, network }), () => activation.active);
  }

  function instrumentServer<Server>(server: Server, options: InstrumentServerOptions = {}): Server {
    try {
      const protocol = protocolOf(server);
      if (protocol === undefined || isPatched(protocol)) return server;
      const names = new TargetNames(server, listed);
      patchConnect(protocol, activation, (transport) => {
        attach(transport, protocol, names, options);
      });
      // Already connected: from the next message on. Requests it is working on now stay untraced.
      if (isTransport(protocol.transport)) attach(protocol.transport, protocol, names, options);
    } catch {
      // A frozen or exotic server works on without telemetry.
    }
    return server;
  }

  return {
    instrumentServer,
    disable: () => {
      activation.active = false;
    },
  };
}

function isPatched(protocol: ProtocolLike): boolean {
  const owner: unknown = Reflect.get(protocol.connect, PATCHED_BY);
  return isRecord(owner) && owner['active'] === true;
}

/**
 * Arms each transport on its way into `connect`. The SDK sets its callbacks and then calls `transport.start()`, which may
 * deliver queued messages at once: so the hook goes on inside `start`, after the callbacks and before the first message.
 */
function patchConnect(protocol: ProtocolLike, activation: Activation, attach: (transport: TransportLike) => void): void {
  const { connect } = protocol;
  function connectAndHook(this: unknown, ...args: unknown[]): unknown {
    const transport = args[0];
    if (activation.active && isTransport(transport)) armStart(transport, attach);
    return connect.apply(this, args);
  }
  Reflect.set(connectAndHook, PATCHED_BY, activation);
  protocol.connect = connectAndHook;
}

function armStart(transport: TransportLike, attach: (transport: TransportLike) => void): void {
  const { start } = transport;
  const inherited = !Object.hasOwn(transport, 'start');
  function startHooked(this: unknown, ...args: unknown[]): unknown {
    try {
      if (inherited) Reflect.deleteProperty(transport, 'start');
      else transport.start = start;
      attach(transport);
    } catch {
      // Starting comes first.
    }
    return start.apply(this, args);
  }
  try {
    transport.start = startHooked;
  } catch {
    // A frozen transport stays untraced.
  }
}
