import type { Subject } from '../subject.js';
import { startNodeSdk } from './nodeSdk.js';
import { requireOf } from './peerModules.js';

/** Its README: `new McpHooks()`, registered. For ES modules its `manuallyInstrument` documents that the classes are handed over. */
export async function openTraceloop(): Promise<Subject> {
  const { McpHooks } = requireOf('traceloop')('@traceloop/instrumentation-mcp');
  const instrumentation = new McpHooks();
  const host = startNodeSdk('traceloop', instrumentation);
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { Server } = await import('@modelcontextprotocol/sdk/server/index.js');
  instrumentation.manuallyInstrument({ Client, Server });
  return {
    ...host,
    name: 'traceloop',
    roads: ['v1'],
    contentBy: '`traceContent` (on by default)',
    offBy: '`disable()` of every instrumentation',
    wrapServer: (server) => server,
    wrapClient: (client) => client,
    switchOff: () => instrumentation.disable(),
  };
}
