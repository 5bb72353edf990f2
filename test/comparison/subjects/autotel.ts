import type { Mode, Subject } from '../subject.js';
import { KeptSpans, idleReader, otelHost } from './host.js';
import { requireOf } from './peerModules.js';

// The option that tells the network is in the README's set-up; content is off there by default.
const config = (mode: Mode): object => ({
  networkTransport: 'pipe',
  ...(mode === 'content' ? { captureToolArgs: true, captureToolResults: true } : {}),
});

/** "Quick Start" of its README: `init()`, then the wrapped server or client takes the place of the bare one. */
export function openAutotel(): Subject {
  const load = requireOf('autotel');
  const kept = new KeptSpans();
  const reader = idleReader(load('@opentelemetry/sdk-metrics'));
  // Its redactor is on by default where NODE_ENV is production.
  load('autotel').init({ service: 'comparison', spanProcessors: [kept], metricReaders: [reader], attributeRedactor: 'default' });
  const { instrumentMcpServer } = load('autotel-mcp-instrumentation/server');
  const { instrumentMcpClient } = load('autotel-mcp-instrumentation/client');
  return {
    ...otelHost(load('@opentelemetry/api'), kept, reader),
    name: 'autotel',
    roads: ['v2', 'v1'],
    contentBy: '`captureToolArgs`, `captureToolResults`',
    wrapServer: (server, mode) => instrumentMcpServer(server, config(mode)),
    wrapClient: (client) => instrumentMcpClient(client, config('plain')),
  };
}
