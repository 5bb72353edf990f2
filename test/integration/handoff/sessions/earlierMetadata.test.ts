import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** The earlier server stored whatever a caller gave as metadata, also what is no object. Clients check answers by the output schemas. */

let fixture: HandoffFixture;
let client: Client;
beforeAll(async () => {
  fixture = await handoffFixture();
  client = await fixture.connect();
  // From now on the client checks structured values.
  await client.listTools();
});
afterAll(() => fixture.dispose());

async function structured(name: string, args: Record<string, unknown>): Promise<unknown> {
  return (await client.callTool({ name, arguments: args })).structuredContent;
}

it.each([
  ['[1, "targetAgent"]', { callerMetadata: [1, 'targetAgent'] }],
  ['"targetAgent"', { callerMetadata: 'targetAgent' }],
  ['0', { callerMetadata: 0 }],
  ['null', {}],
])('a session with the metadata %s is listed, read and handed over', async (stored, shown) => {
  const sessionKey = `earlier ${stored}`;
  await fixture.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
  await fixture.sql('UPDATE sessions SET metadata = $2::jsonb WHERE session_key = $1', [sessionKey, stored]);
  await fixture.sql('UPDATE context_history SET metadata = $2::jsonb WHERE session_id = (SELECT id FROM sessions WHERE session_key = $1)', [
    sessionKey,
    stored,
  ]);

  expect(await structured('list_sessions', { limit: 1 })).toMatchObject({ sessions: [{ sessionKey, metadata: shown }] });
  expect(await structured('get_context', { sessionKey })).toMatchObject({
    session: { metadata: shown },
    contextHistory: [{ metadata: shown }],
  });
  expect(await structured('request_handoff', { sessionKey, targetAgent: 'builder' })).toMatchObject({ success: true });
  expect(await structured('get_context', { sessionKey })).toMatchObject({
    session: { metadata: { ...shown, requestType: 'context_transfer', targetAgent: 'builder' } },
  });
});
