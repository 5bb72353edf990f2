import { ClientCredentialsProvider, PrivateKeyJwtProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { discoverOAuthProtectedResourceMetadata } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';

/** What the suite tells the client about itself, in MCP_CONFORMANCE_CONTEXT. */
export type Context = Readonly<Record<string, string>>;

/** Changes an identity provider's token for a grant, and the grant for an access token. */
class CrossAppProvider extends ClientCredentialsProvider {
  readonly #context: Context;
  readonly #resource: string;

  constructor(context: Context, resource: string) {
    super({ clientId: context['client_id'] ?? '', clientSecret: context['client_secret'] ?? '' });
    this.#context = context;
    this.#resource = resource;
  }

  override prepareTokenRequest(scope?: string): URLSearchParams {
    // The SDK awaits what this returns; the base class only types it as immediate.
    return this.#grant(scope) as unknown as URLSearchParams;
  }

  async #grant(scope: string | undefined): Promise<URLSearchParams> {
    const { authorization_servers: [audience = ''] = [] } = await discoverOAuthProtectedResourceMetadata(this.#resource);
    const exchange = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      subject_token: this.#context['idp_id_token'] ?? '',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      client_id: this.#context['idp_client_id'] ?? '',
      audience,
      resource: this.#resource,
    });
    const answer = (await (await fetch(this.#context['idp_token_endpoint'] ?? '', { method: 'POST', body: exchange })).json()) as {
      access_token: string;
    };
    return new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: answer.access_token,
      ...(scope === undefined ? {} : { scope }),
    });
  }
}

/** How a program proves who it is, where no person can be asked. */
export function machineProviderFor(scenario: string, context: Context, serverUrl: string): OAuthClientProvider {
  const clientId = context['client_id'] ?? '';
  switch (scenario) {
    case 'auth/client-credentials-jwt':
      return new PrivateKeyJwtProvider({
        clientId,
        privateKey: context['private_key_pem'] ?? '',
        algorithm: context['signing_algorithm'] ?? 'ES256',
      });
    case 'auth/cross-app-access-complete-flow':
      return new CrossAppProvider(context, serverUrl);
    default:
      return new ClientCredentialsProvider({ clientId, clientSecret: context['client_secret'] ?? '' });
  }
}
