import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMigrations } from '../../../../src/handoff/storage/migrate/migrationFiles.js';
import { packagedMigrations } from '../../../../src/handoff/storage/migrate/packagedMigrations.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** Who took part in a session: who wrote its entries, who has it, and who had it. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());

const register = (sessionKey: string) => fixture.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
const handOff = (sessionKey: string, targetAgent: string) =>
  fixture.sessions.handOff({ sessionKey, targetAgent, requestType: 'collaboration', requestData: {} });
const listed = async (agent: string, query: { limit?: number; status?: 'active' | 'completed'; cursor?: string } = {}): Promise<string[]> =>
  (await fixture.sessions.list({ limit: 100, ...query, agent })).items.map(({ sessionKey }) => sessionKey);
const participants = async (sessionKey: string): Promise<readonly string[] | undefined> =>
  (await fixture.sessions.summary(sessionKey))?.participants;

describe('an agent that received a session', () => {
  it('still finds it after the next handoffs, and so does everybody else who had it, once', async () => {
    await register('relay');
    for (const agent of ['r-first', 'r-second', 'r-third', 'r-first', 'planner', 'r-second']) await handOff('relay', agent);
    for (const agent of ['planner', 'r-first', 'r-second', 'r-third'])
      expect((await listed(agent)).filter((key) => key === 'relay')).toEqual(['relay']);
    expect(await listed('r-nobody')).toEqual([]);
    expect(await participants('relay')).toEqual(['planner', 'r-first', 'r-second', 'r-third']);
    expect((await fixture.sessions.context({ sessionKey: 'relay', afterSequenceNumber: 0, limit: 1 }))?.session.agentTo).toBe('r-second');
  });

  it('finds it whoever hands over, also an earlier server', async () => {
    await register('elsewhere');
    await fixture.sql("UPDATE sessions SET agent_to = 'e-first' WHERE session_key = 'elsewhere'");
    await fixture.sql("UPDATE sessions SET agent_to = 'e-second' WHERE session_key = 'elsewhere'");
    expect(await listed('e-first')).toEqual(['elsewhere']);
  });

  it('pages through those it has and those it had, newest first, with filters', async () => {
    const keys = Array.from({ length: 10 }, (_, n) => `paged-${n}`);
    for (const key of keys) {
      await register(key);
      await handOff(key, 'p-agent');
      if (key.endsWith('2') || key.endsWith('5')) await handOff(key, 'p-other');
    }
    await fixture.sessions.handOff({ sessionKey: 'paged-5', targetAgent: 'p-last', requestType: 'full_handoff', requestData: {} });
    expect(await listed('p-agent')).toEqual(keys.toReversed());
    expect(await listed('p-agent', { status: 'completed' })).toEqual(['paged-5']);
    const paged: string[] = [];
    for (let cursor: string | undefined, done = false; !done; ) {
      const page = await fixture.sessions.list({ agent: 'p-agent', limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      paged.push(...page.items.map(({ sessionKey }) => sessionKey));
      cursor = page.nextCursor;
      done = cursor === undefined;
    }
    expect(paged).toEqual(keys.toReversed());
  });

  it('is forgotten with the session', async () => {
    await register('gone');
    await handOff('gone', 'g-first');
    await handOff('gone', 'g-second');
    await fixture.sql("DELETE FROM sessions WHERE session_key = 'gone'");
    expect(await fixture.sql("SELECT FROM session_past_agents WHERE agent = 'g-first'")).toEqual([]);
  });

  it('of a handoff made before past agents were noted is taken from the requests', async () => {
    await register('before');
    for (const agent of ['b-first', 'b-second', 'b-third']) await handOff('before', agent);
    await fixture.sql("DELETE FROM session_past_agents USING sessions WHERE session_id = sessions.id AND session_key = 'before'");
    expect(await listed('b-first')).toEqual([]);
    const { text } = (await readMigrations(packagedMigrations())).find(({ name }) => name.includes('earlier_past_agents')) ?? { text: '' };
    await fixture.sql(text);
    expect([await listed('b-first'), await listed('b-second'), await participants('before')]).toEqual([
      ['before'],
      ['before'],
      ['planner', 'b-first', 'b-second', 'b-third'],
    ]);
  });
});

describe('an entry that says who wrote it', () => {
  it('shows it in the context, the summary and the package, and others look as before', async () => {
    await register('signed');
    await fixture.sessions.append({ sessionKey: 'signed', contextType: 'message', content: 'a', metadata: {}, agent: 'builder' });
    await fixture.sessions.append({ sessionKey: 'signed', contextType: 'message', content: 'b', metadata: { agent: 'tester' } });
    await fixture.sessions.append({
      sessionKey: 'signed',
      contextType: 'message',
      content: 'c',
      metadata: { agent: ['odd'] },
      agent: 'planner',
    });
    const context = await fixture.sessions.context({ sessionKey: 'signed', afterSequenceNumber: 0, limit: 100 });
    expect(context?.contextHistory.map(({ agent }) => agent)).toEqual([undefined, 'builder', undefined, 'planner']);
    expect(context?.contextHistory.map((entry) => Object.hasOwn(entry, 'agent'))).toEqual([false, true, false, true]);
    expect(context?.summary).toMatchObject({
      participants: ['planner', 'builder', '["odd"]', 'tester'],
      keyPoints: expect.arrayContaining(['Written by: builder, planner']),
    });

    await handOff('signed', 'reviewer');
    const { fullContext } = JSON.parse(fixture.cache.entries.get('handoff:reviewer:signed')?.value ?? 'null') as {
      fullContext: { contextHistory: unknown[]; summary: unknown };
    };
    expect(fullContext.contextHistory).toEqual(JSON.parse(JSON.stringify(context?.contextHistory)));
    expect(fullContext.summary).toEqual(JSON.parse(JSON.stringify(context?.summary)));
  });
});
