import type { StdioServer } from './stdioServer.js';

const CONTENT = 'The agent looked at the build log, found the failing step and noted what to try next: '.repeat(3).slice(0, 200);

/** Key of the session a caller writes to. */
export function sessionKey(caller: number): string {
  return `bench-${caller}`;
}

/** The arguments of every `update_context` here: 200 bytes of content, one small fact. */
export function entryArguments(
  caller: number,
): Readonly<Record<string, unknown>> & { readonly content: string; readonly contextType: string } {
  return { sessionKey: sessionKey(caller), contextType: 'message', content: CONTENT, metadata: { agent: 'bench' } };
}

export async function registerSessions(server: StdioServer, count: number): Promise<void> {
  for (let caller = 0; caller < count; caller += 1)
    await server.callTool('register_session', { sessionKey: sessionKey(caller), agentFrom: 'bench' });
}

export function updateContext(server: StdioServer, caller: number): Promise<unknown> {
  return server.callTool('update_context', entryArguments(caller));
}
