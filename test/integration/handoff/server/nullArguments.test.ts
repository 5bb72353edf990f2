import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { connectToJobs } from '../../../unit/handoff/server/fakeJobs.js';

/** Models that must name every argument send null for those that they do not give. */

let fixture: HandoffFixture;
let clients: readonly Client[];
beforeAll(async () => {
  fixture = await handoffFixture({ adminTools: true });
  clients = [await fixture.connect(), await connectToJobs()];
  await fixture.sessions.register({ sessionKey: 'k', agentFrom: 'a', metadata: {} });
});
afterAll(() => fixture.dispose());

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** Every optional argument of a schema as null, also those inside of others, which are of no use otherwise. */
function nulls({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  const inner = Object.entries(properties).flatMap(([name, schema]) => (schema.properties === undefined ? [] : [[name, nulls(schema)]]));
  const outer = Object.keys(properties).flatMap((name) => (required.includes(name) ? [] : [[name, null]]));
  return Object.fromEntries([...outer, ...inner]) as Record<string, unknown>;
}

/** What a refusal says of arguments; nothing for a success. */
function problemsIn(answer: {
  readonly isError?: boolean | undefined;
  readonly content?: unknown;
}): readonly { readonly problem: string }[] {
  if (answer.isError !== true) return [];
  const [content] = answer.content as readonly { readonly text: string }[];
  return (JSON.parse(content?.text ?? '{}') as { readonly problems?: readonly { readonly problem: string }[] }).problems ?? [];
}

it('no tool takes offence at null for an optional argument', async () => {
  const seen: string[] = [];
  for (const client of clients) {
    for (const { name, inputSchema } of (await client.listTools()).tools) {
      const schema = inputSchema as Schema;
      const answer = await client.callTool({ name, arguments: nulls(schema) });
      const refused = problemsIn(answer).filter(({ problem }) => problem !== 'is missing');
      // Nothing to change is left when each part of the change is null.
      expect([name, refused]).toEqual([
        name,
        name === 'update_job_config' ? [expect.objectContaining({ problem: 'changes nothing' })] : [],
      ]);
      // The fake of the jobs has no sessions.
      if ((schema.required ?? []).length === 0 && client === clients[0]) expect([name, answer.isError]).toEqual([name, undefined]);
      seen.push(name);
    }
  }
  expect(seen).toEqual(expect.arrayContaining(['list_handoffs', 'get_analytics', 'update_retention_policy', 'get_job_status']));
});

it('what is given beside the nulls is done', async () => {
  const [client] = clients;
  const update = { sessionKey: 'k', contextType: 'message', content: 'x', metadata: null, agent: null };
  expect((await client?.callTool({ name: 'update_context', arguments: update }))?.isError).toBeUndefined();
  const [entry] = await fixture.sql<{ content: string; agent: unknown }>('SELECT content, agent FROM context_history WHERE content = $1', [
    'x',
  ]);
  expect(entry).toEqual({ content: 'x', agent: null });
  const change = { jobName: 'session-cleanup', config: { intervalMs: 60_000, enabled: null, maxRetries: null, retryDelayMs: null } };
  const changed = (await clients[1]?.callTool({ name: 'update_job_config', arguments: change }))?.structuredContent;
  expect(changed).toMatchObject({ config: { intervalMs: 60_000, enabled: true, maxRetries: 3, retryDelayMs: 300_000 } });
});
