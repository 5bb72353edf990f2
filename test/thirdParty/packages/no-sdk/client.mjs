// A client of @ai-sdk/mcp, which speaks the protocol without the SDK, to the server named in its arguments.
import { createMCPClient } from '@ai-sdk/mcp';
import { Experimental_StdioMCPTransport as StdioTransport } from '@ai-sdk/mcp/mcp-stdio';

const client = await createMCPClient({ transport: new StdioTransport({ command: process.execPath, args: process.argv.slice(2) }) });
const tools = await client.tools();
const answer = await client.callTool({ name: 'ping_pong', args: {} });
await client.close();
process.stdout.write(`${JSON.stringify({ tools: Object.keys(tools), answer })}\n`);
