import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import type { OAuthClientProvider } from '@modelcontextprotocol/client';
import type { OAuthClientProvider as OAuthClientProviderV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FixtureConnection } from './client.js';

/** A client of the second generation of the SDK, and the wire it will use. */
export function openV2(serverUrl: string, scenario: string, provider: OAuthClientProviderV1 | undefined): FixtureConnection {
  const client = new Client(
    { name: 'conformance-fixture', version: '1.0.0' },
    { capabilities: { elicitation: { form: { applyDefaults: true } } } },
  );
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: {} }));
  const transport = new StreamableHTTPClientTransport(new URL(serverUrl), {
    ...(provider === undefined ? {} : { authProvider: provider as unknown as OAuthClientProvider }),
    // One scenario's server names another issuer than it was found by, which this generation refuses unless told otherwise.
    skipIssuerMetadataValidation: scenario === 'auth/2025-03-26-oauth-metadata-backcompat',
  });
  return {
    client,
    connect: () => client.connect(transport),
    listTools: () => client.listTools(),
    callTool: (name, args) => client.callTool({ name, arguments: args }),
    finishAuth: (code) => transport.finishAuth(code),
    close: () => client.close(),
    isUnauthorized: (error) => error instanceof UnauthorizedError,
  };
}
