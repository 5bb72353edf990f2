import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { peerFolder } from '../mcp/peers.js';

/** One way to run the handoff server. */
export interface Subject {
  readonly name: string;
  /** In tables. */
  readonly title: string;
  /** Folder of the package that is loaded before the server; without it the server has its own telemetry, or none. */
  readonly peer?: string;
  /** What is set up, as its documentation has it. */
  readonly setUp: string;
  /** The package of the peer and of what goes with it, whose versions the page names. */
  readonly packages: readonly string[];
  /** Settings, of which `receiver` is where its telemetry goes. */
  readonly env: (receiver: { readonly host: string; readonly path: string }) => Readonly<Record<string, string>>;
}

const otlp = ({ host, path }: { readonly host: string; readonly path: string }): Readonly<Record<string, string>> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://${host}/${path}`,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
});
const otlpOfAll: Subject['env'] = (receiver) => ({
  ...otlp(receiver),
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_LOGS_EXPORTER: 'otlp',
});

export const OFF = 'off';
export const OURS = 'ours';

export const subjects: readonly Subject[] = [
  {
    name: OFF,
    title: 'no telemetry',
    setUp: '`OTEL_SDK_DISABLED=true`. The server writes its log lines, as under all others',
    packages: [],
    env: () => ({ OTEL_SDK_DISABLED: 'true' }),
  },
  {
    name: OURS,
    title: '**ours**',
    setUp: 'the command as it comes, with `OTEL_EXPORTER_OTLP_ENDPOINT`',
    packages: [],
    env: otlp,
  },
  {
    name: 'nodesdk',
    title: 'NodeSDK, pg and pino',
    peer: 'nodesdk',
    setUp: '`new NodeSDK({ instrumentations })` with those of pg and pino, and the loader hook; the three signals by OTLP',
    packages: ['@opentelemetry/sdk-node', '@opentelemetry/instrumentation-pg', '@opentelemetry/instrumentation-pino'],
    env: otlpOfAll,
  },
  {
    name: 'nodesdk-auto',
    title: 'NodeSDK, all instrumentations',
    peer: 'nodesdk',
    setUp: 'the same with `getNodeAutoInstrumentations()`, as "Getting started" has it',
    packages: ['@opentelemetry/sdk-node', '@opentelemetry/auto-instrumentations-node'],
    env: (receiver) => ({ ...otlpOfAll(receiver), INSTRUMENTATIONS: 'auto' }),
  },
  {
    name: 'autotel',
    title: 'autotel',
    peer: 'autotel-process',
    setUp: '`init()` with `getNodeAutoInstrumentations()`, logs and every trace, and `instrumentMcpServer(server)` on each server',
    packages: ['autotel', 'autotel-mcp-instrumentation', '@opentelemetry/auto-instrumentations-node'],
    env: otlp,
  },
  {
    name: 'sentry',
    title: 'Sentry',
    peer: 'sentry',
    setUp:
      '`Sentry.init()` with `tracesSampleRate: 1`, `enableLogs` and `pinoIntegration()`, and `wrapMcpServerWithSentry(server)` on each server',
    packages: ['@sentry/node'],
    env: ({ host, path }) => ({ SENTRY_DSN: `http://key@${host}/${path}/1` }),
  },
  {
    name: 'shinzo',
    title: 'Shinzo, each tool of each server',
    peer: 'shinzo',
    setUp:
      '`instrumentServer()` on a stand-in that is handed the tools, since it knows only `tool()` of SDK v1 and starts an SDK for each server',
    packages: ['@shinzolabs/instrumentation-mcp'],
    env: otlp,
  },
  {
    name: 'shinzo-once',
    title: 'Shinzo, each tool once',
    peer: 'shinzo',
    setUp: 'the same, with each tool handed over once for all servers, which nothing of its own does',
    packages: ['@shinzolabs/instrumentation-mcp'],
    env: (receiver) => ({ ...otlp(receiver), TOOLS: 'once' }),
  },
];

/** Options of Node that load the peer before the server. */
export function preloadOf({ peer }: Subject): readonly string[] {
  return peer === undefined ? [] : ['--import', pathToFileURL(join(peerFolder(peer), 'server.mjs')).href];
}
