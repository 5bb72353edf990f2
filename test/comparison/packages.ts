import { openOurs } from './subjects/ours.js';
import type { PeerName } from './subjects/peerModules.js';
import type { Subject } from './subject.js';

export interface Package {
  /** Head of its column. */
  readonly title: string;
  /** As given to --only, and the folder of a peer. */
  readonly name: 'ours' | PeerName;
  /** On npm; its version is the one in the lockfile. */
  readonly npm: string;
  readonly licence: string;
  /** Set-up, and where it is documented. */
  readonly setUp: string;
  /** The same for a program that is not changed. */
  readonly preload: string;
  open(): Promise<Subject> | Subject;
}

/** In the order of the columns. */
export const packages: readonly Package[] = [
  {
    title: 'ours',
    name: 'ours',
    npm: 'handoff-otel',
    licence: 'Apache-2.0',
    setUp: '`instrumentServer(server)`, `instrumentClient(client)`, `instrumentHandler(handler)`: `docs/mcp.md`, "How SDKs are found"',
    preload: '`node --import handoff-otel/register`',
    open: openOurs,
  },
  {
    title: 'autotel',
    name: 'autotel',
    npm: 'autotel-mcp-instrumentation',
    licence: 'Apache-2.0',
    setUp:
      '`init()` with the redactor that is its default in production, then `instrumentMcpServer(server, { networkTransport })` and `instrumentMcpClient(client, …)`: README, "Quick Start"',
    preload: '`init()`',
    open: async () => (await import('./subjects/autotel.js')).openAutotel(),
  },
  {
    title: 'Sentry',
    name: 'sentry',
    npm: '@sentry/node',
    licence: 'MIT',
    setUp:
      '`Sentry.init({ dsn, tracesSampleRate: 1 })`, then `Sentry.wrapMcpServerWithSentry(server)`: docs.sentry.io, "MCP Observability"',
    preload: '`@sentry/node/import` and `Sentry.init(…)`',
    open: async () => (await import('./subjects/sentry.js')).openSentry(),
  },
  {
    title: 'Shinzo',
    name: 'shinzo',
    npm: '@shinzolabs/instrumentation-mcp',
    licence: 'MIT',
    setUp: '`instrumentServer(server, { serverName, serverVersion, exporterEndpoint })`, then `server.tool(…)`: README, "Usage"',
    preload: 'nothing: its set-up needs the server',
    open: async () => (await import('./subjects/shinzo.js')).openShinzo(),
  },
  {
    title: 'Traceloop',
    name: 'traceloop',
    npm: '@traceloop/instrumentation-mcp',
    licence: 'Apache-2.0',
    setUp:
      '`new McpHooks()` in a Node SDK: README, "Usage"; with `manuallyInstrument({ Client, Server })`, which its types document for ES modules',
    preload: "the same, with OpenTelemetry's loader hook",
    open: async () => (await import('./subjects/traceloop.js')).openTraceloop(),
  },
  {
    title: 'OpenInference',
    name: 'openinference',
    npm: '@arizeai/openinference-instrumentation-mcp',
    licence: 'Apache-2.0',
    setUp:
      '`new MCPInstrumentation()` in a Node SDK, then `manuallyInstrument({ clientStreamableHTTPModule, serverStreamableHTTPModule })`: README, "Usage"',
    preload: 'the same with `serverStdioModule`',
    open: async () => (await import('./subjects/openinference.js')).openOpeninference(),
  },
  {
    title: 'mcp-handler',
    name: 'mcp-handler',
    npm: 'mcp-handler',
    licence: 'Apache-2.0',
    setUp: '`createMcpHandler((server) => …)` after a tracer provider was registered: README, "Quick Start" and "Observability"',
    preload: '-',
    open: async () => (await import('./subjects/mcpHandler.js')).openMcpHandler(),
  },
];
