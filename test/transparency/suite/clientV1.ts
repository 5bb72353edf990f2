import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { FixtureConnection } from './client.js';

/** A client of the first generation of the SDK, and the wire it will use. */
export function openV1(serverUrl: string, _scenario: string, provider: OAuthClientProvider | undefined): FixtureConnection {
  const client = new Client(
    { name: 'conformance-fixture', version: '1.0.0' },
    { capabilities: { elicitation: { form: { applyDefaults: true } } } },
  );
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: {} }));
  const transport = new StreamableHTTPClientTransport(new URL(serverUrl), provider === undefined ? {} : { authProvider: provider });
  return {
    client,
    // The class types its accessors wider than the interface it implements.
    connect: () => client.connect(transport),
    listTools: () => client.listTools(),
    callTool: (name, args) => client.callTool({ name, arguments: args }),
    finishAuth: (code) => transport.finishAuth(code),
    close: () => client.close(),
    isUnauthorized: (error) => error instanceof UnauthorizedError,
  };
}
