// A server of tmcp, which speaks the protocol without the SDK.
import { StdioTransport } from '@tmcp/transport-stdio';
import { McpServer } from 'tmcp';

const server = new McpServer({ name: 'without', version: '1.0.0' }, { adapter: undefined, capabilities: { tools: {} } });
server.tool({ name: 'ping_pong', description: 'Answers' }, () => ({ content: [{ type: 'text', text: 'pong' }] }));
new StdioTransport(server).listen();
