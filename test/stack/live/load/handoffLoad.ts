import type { Caller } from './callers.js';

const CONTEXT_TYPES = ['message', 'file', 'tool_call', 'system'];
const REQUEST_TYPES = ['context_transfer', 'full_handoff', 'collaboration'];

/** What agents do with one session, with a mistake or two of theirs. */
export async function handoffTurn(caller: Caller, who: string, count: number): Promise<void> {
  const sessionKey = `${who}-${count}`;
  await caller.call('register_session', { sessionKey, agentFrom: 'live' });
  for (const contextType of CONTEXT_TYPES) {
    await caller.call('update_context', { sessionKey, contextType, content: 'x'.repeat(50 * (1 + (count % 40))) });
  }
  await caller.call('get_context', { sessionKey });
  await caller.call('get_context', { sessionKey });
  await caller.call('get_summary', { sessionKey });
  await caller.call('list_sessions');
  await caller.call('request_handoff', { sessionKey, targetAgent: 'other', requestType: REQUEST_TYPES[count % REQUEST_TYPES.length] });
  if (count % 10 === 0) {
    await caller.call('get_context', { sessionKey: 'there is no such session' });
    await caller.call('no_such_tool');
  }
}
