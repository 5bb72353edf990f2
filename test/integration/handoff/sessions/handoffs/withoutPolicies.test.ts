import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffFixture } from '../../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
  await fixture.sql('DELETE FROM retention_policies');
});
afterAll(() => fixture.dispose());

it('a full handoff is accepted, and its session restored, also where somebody emptied the table of policies', async () => {
  const { session } = await fixture.sessions.register({ sessionKey: 'k', agentFrom: 'planner', metadata: {} });
  await fixture.sessions.handOff({ sessionKey: 'k', targetAgent: 'builder', requestType: 'full_handoff', requestData: {} });
  expect(await fixture.sessions.acceptHandoff({ sessionKey: 'k', agent: 'builder' })).toMatchObject({
    kind: 'answered',
    sessionStatus: 'active',
  });
  await fixture.lifecycle.expireSession(session.id);
  await fixture.archive.archive(session.id);
  expect(await fixture.archive.restore(session.id)).toMatchObject({ kind: 'restored' });
});
