import type { Subject } from '../subject.js';
import { startNodeSdk } from './nodeSdk.js';
import { requireOf } from './peerModules.js';

/** "Usage" of its README: `manuallyInstrument` with the modules of the transports. */
export async function openOpeninference({ stdio = false }: { readonly stdio?: boolean } = {}): Promise<Subject> {
  const { MCPInstrumentation } = requireOf('openinference')('@arizeai/openinference-instrumentation-mcp');
  const instrumentation = new MCPInstrumentation();
  const host = startNodeSdk('openinference', instrumentation);
  if (stdio) instrumentation.manuallyInstrument({ serverStdioModule: await import('@modelcontextprotocol/sdk/server/stdio.js') });
  else {
    instrumentation.manuallyInstrument({
      clientStreamableHTTPModule: await import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
      serverStreamableHTTPModule: await import('@modelcontextprotocol/sdk/server/streamableHttp.js'),
    });
  }
  return {
    ...host,
    name: 'openinference',
    roads: ['v1'],
    overHttp: true,
    offBy: '`disable()` of every instrumentation',
    wrapServer: (server) => server,
    wrapClient: (client) => client,
    switchOff: () => instrumentation.disable(),
  };
}
