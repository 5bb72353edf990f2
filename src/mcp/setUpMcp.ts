import type { Meter, Tracer } from '@opentelemetry/api';
import type { Clock } from '../time/clock.js';
import { discoverSdks } from './discovery/discoverSdks.js';
import type { DiscoveryIo, FoundSdk } from './discovery/types.js';
import { createMcpInstrumentation } from './instrumentation.js';
import type { McpInstrumentation } from './instrumentation.js';
import { mcpOptionsFromEnv } from './optionsFromEnv.js';
import { MCP_MODES, REMOTE_PARENTS } from './options.js';
import type { McpOptions } from './options.js';
import type { Propagation } from './propagation/parentContext.js';

/** How MCP servers and clients of a process are instrumented. What is not given comes from `HANDOFF_MCP_*`. */
export interface McpSetup extends McpOptions {
  /** Instrument every server and client by itself, wherever its SDK is or will be loaded from. Default true. */
  readonly discover?: boolean;
}

/** What hosts are offered of the instrumentation. */
export type McpFaces = Pick<McpInstrumentation, 'instrumentServer' | 'instrumentClient' | 'instrumentHandler' | 'instrumentTransport'>;

export interface McpDependencies {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly propagation: Propagation;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly io: DiscoveryIo;
  /** A server's connection over pipes has closed: its client is gone, and the process may be next. Not called for HTTP, where connections come and go. */
  readonly onConversationEnd?: () => void;
}

export interface RunningMcp {
  readonly faces: McpFaces;
  /** The SDK copies found up to now; empty when discovery is off. */
  copies(): readonly FoundSdk[];
  /** Options that were not taken as given, one sentence each. */
  readonly notices: readonly string[];
  stop(): void;
}

/** Faces that instrument nothing, for processes whose telemetry is off. */
export const untouchedFaces: McpFaces = {
  instrumentServer: (server) => server,
  instrumentClient: (client) => client,
  instrumentHandler: (handler) => handler,
  instrumentTransport: (transport) => transport,
};

/** Starts the MCP instrumentation of a process and, unless told otherwise, looks for its SDKs. */
export function setUpMcp(setup: McpSetup, { tracer, meter, propagation, clock, env, io, onConversationEnd }: McpDependencies): RunningMcp {
  const notices: string[] = [];
  const notify = (notice: string): void => {
    notices.push(notice);
    io.report(notice);
  };
  const { discover = true, ...options }: McpSetup = { ...mcpOptionsFromEnv(env, notify), ...setup };
  checkWords(options, notify);
  const mcp = createMcpInstrumentation({ tracer, meter, propagation, clock, options, ...(onConversationEnd === undefined ? {} : { onConversationEnd }) });
  const isOff = options.mode === 'off' && options.methods === undefined;
  const discovery =
    discover && !isOff
      ? discoverSdks(
          {
            protocolClass: mcp.adoptProtocolClass,
            clientClass: mcp.adoptClientClass,
            mcpServerClass: mcp.adoptMcpServerClass,
            stdioTransportClass: mcp.adoptStdioTransportClass,
            handlerFactory: mcp.wrapHandlerFactory,
          },
          io,
        )
      : undefined;
  return {
    faces: mcp,
    notices,
    copies: () => discovery?.copies() ?? [],
    stop: () => {
      discovery?.stop();
      mcp.disable();
    },
  };
}

function checkWords({ mode, methods = {}, remoteParent }: McpOptions, notify: (notice: string) => void): void {
  if (mode !== undefined && !MCP_MODES.includes(mode)) notify(`mcp.mode ${String(mode).slice(0, 40)} is none of ${MCP_MODES.join(', ')}; full is used.`);
  for (const [method, own] of Object.entries(methods)) {
    if (!MCP_MODES.includes(own)) notify(`mcp.methods: the mode ${String(own).slice(0, 40)} of ${method.slice(0, 60)} is none of ${MCP_MODES.join(', ')}; the general one is used.`);
  }
  if (remoteParent !== undefined && !REMOTE_PARENTS.includes(remoteParent)) notify(`mcp.remoteParent ${String(remoteParent).slice(0, 40)} is none of ${REMOTE_PARENTS.join(', ')}; ignore is used.`);
}
