import { LoginProvider } from './loginProvider.js';

// The client the suite judges: `client.ts v1|v2 [url of our built index.js] <server url>`. The scenario is in its environment.
// With an index.js it calls instrument() and instrumentClient() itself; without one it knows nothing of telemetry.

/** What the scenarios do with a client, the same for both generations. */
export interface FixtureConnection {
  readonly client: object;
  connect(): Promise<unknown>;
  listTools(): Promise<unknown>;
  callTool(name: string, args: Record<string, unknown>): Promise<unknown>;
  finishAuth(code: string): Promise<void>;
  close(): Promise<void>;
  isUnauthorized(error: unknown): boolean;
}

interface Ours {
  instrument(options: object): { instrumentClient(client: object): unknown; shutdown(): Promise<void> };
}

const [generation = 'v1', ...rest] = process.argv.slice(2);
const serverUrl = rest.pop() ?? '';
const [index] = rest;
const telemetry = index === undefined ? undefined : ((await import(index)) as Ours).instrument({ mcp: { discover: false } });
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as Readonly<Record<string, string>>;

const TOOLS: Readonly<Record<string, readonly [name: string, args: Record<string, unknown>]>> = {
  initialize: ['', {}],
  tools_call: ['add_numbers', { a: 5, b: 3 }],
  'elicitation-sep1034-client-defaults': ['test_client_elicitation_defaults', {}],
  'sse-retry': ['test_reconnection', {}],
};
/** Logins after which a client gives up: a server that is never satisfied must not be asked for ever. */
const MAX_LOGINS = 2;

async function converse(): Promise<void> {
  // Both generations at once would double the time each of the many scenarios takes to start.
  const open = generation === 'v1' ? (await import('./clientV1.js')).openV1 : (await import('./clientV2.js')).openV2;
  const isPerson = !('client_id' in context) || scenario === 'auth/pre-registration';
  const login = new LoginProvider(
    context['client_id'] === undefined ? undefined : { client_id: context['client_id'], client_secret: context['client_secret'] ?? '' },
  );
  const provider = isPerson ? login : (await import('./machineProviders.js')).machineProviderFor(scenario, context, serverUrl);
  const connect = (): FixtureConnection => open(serverUrl, scenario, scenario.startsWith('auth/') ? provider : undefined);
  let connection = connect();
  let logins = 0;

  /** Does `work`, logging in as often as it is turned away. */
  async function loggedIn(work: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await work();
        return;
      } catch (error) {
        if (!connection.isUnauthorized(error) || !isPerson || (logins += 1) > MAX_LOGINS) throw error;
        await connection.finishAuth(login.takeCode());
      }
    }
  }

  await loggedIn(() => {
    connection = connect();
    telemetry?.instrumentClient(connection.client);
    return connection.connect();
  });
  await loggedIn(() => connection.listTools());
  const [name, args] = TOOLS[scenario] ?? ['test-tool', {}];
  if (name !== '') await loggedIn(() => connection.callTool(name, args));
  await connection.close();
}

try {
  await converse();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`);
  process.exitCode = 1;
}
await telemetry?.shutdown();
