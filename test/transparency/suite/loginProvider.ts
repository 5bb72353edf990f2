import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed, OAuthClientMetadata, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';

const REDIRECT_URL = 'http://127.0.0.1:9/callback';

/** Logs in as a user would who agrees to everything: follows the authorization redirect and keeps the code. */
export class LoginProvider implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT_URL;
  /** A client that can be known by the address of its metadata needs no registration. */
  readonly clientMetadataUrl = 'https://conformance-test.local/client-metadata.json';
  readonly clientMetadata: OAuthClientMetadata = {
    client_name: 'conformance-fixture',
    redirect_uris: [REDIRECT_URL],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  };
  #client: OAuthClientInformationMixed | undefined;
  #tokens: OAuthTokens | undefined;
  #verifier = '';
  #code = '';

  /** @param client What a client registered beforehand knows of itself. */
  constructor(client?: OAuthClientInformationMixed) {
    this.#client = client;
  }

  /** The authorization code of the last redirect, once. */
  takeCode(): string {
    const code = this.#code;
    this.#code = '';
    return code;
  }

  clientInformation(): OAuthClientInformationMixed | undefined {
    return this.#client;
  }

  saveClientInformation(client: OAuthClientInformationMixed): void {
    this.#client = client;
  }

  tokens(): OAuthTokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.#tokens = tokens;
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    const { headers } = await fetch(url, { redirect: 'manual' });
    this.#code = new URL(headers.get('location') ?? REDIRECT_URL).searchParams.get('code') ?? '';
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }
}
