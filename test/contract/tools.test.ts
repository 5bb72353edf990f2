import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolArguments } from './toolArguments.js';
import { FakeSessions, connectTo } from '../unit/handoff/server/fakeSessions.js';

/**
 * What clients bind to: literals only, so that a change here is a decision. Answers are pinned in test/unit/handoff/server/tools.test.ts.
 */

let client: Client;
beforeAll(async () => {
  client = await connectTo(new FakeSessions());
});
afterAll(() => client.close());

it('the server is ai-handoff-mcp with tools and resources', () => {
  expect(client.getServerVersion()).toEqual({
    name: 'ai-handoff-mcp',
    title: 'AI Handoff',
    version: '9.9.9',
    icons: [expect.objectContaining({ mimeType: 'image/svg+xml' })],
  });
  expect(client.getInstructions()).toMatch(
    /register_session.+update_context.+request_handoff.+list_sessions.+get_summary.+get_context.+list_handoffs.+accept_handoff.+reject_handoff.+complete_handoff/s,
  );
  expect(client.getServerCapabilities()).toEqual({ tools: { listChanged: false }, resources: { listChanged: false } });
});

describe('the tools', () => {
  it('are these, in this order', async () => {
    const { tools, nextCursor } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'register_session',
      'update_context',
      'request_handoff',
      'analyze_codebase',
      'list_sessions',
      'get_context',
      'get_summary',
      'list_handoffs',
      'accept_handoff',
      'reject_handoff',
      'complete_handoff',
    ]);
    expect(nextCursor).toBeUndefined();
    for (const { title, description } of tools) {
      expect(title).toMatch(/^[A-Z][a-z ]+$/);
      expect(description).toMatch(/^[A-Z].{30,}\.$/);
    }
  });

  it.each([
    ['register_session', false, true, false],
    ['update_context', false, false, false],
    ['request_handoff', false, false, true],
    ['analyze_codebase', false, false, false],
    ['list_sessions', true, true, false],
    ['get_context', true, true, false],
    ['get_summary', true, true, false],
    ['list_handoffs', false, true, false],
    ['accept_handoff', false, true, false],
    ['reject_handoff', false, true, true],
    ['complete_handoff', false, true, false],
  ])(
    '%s says whether it reads only (%s), may be repeated (%s) and takes something away (%s)',
    async (name, readOnlyHint, idempotentHint, destructiveHint) => {
      const { tools } = await client.listTools();
      const tool = tools.find((each) => each.name === name);
      expect(tool?.annotations).toEqual({ readOnlyHint, idempotentHint, destructiveHint, openWorldHint: false });
      expect(tool?.icons).toEqual([
        { src: expect.stringMatching(/^data:image\/svg\+xml;base64,/), mimeType: 'image/svg+xml', sizes: ['any'] },
      ]);
      expect(tool?.outputSchema).toMatchObject({ type: 'object', required: expect.arrayContaining(['success']) });
    },
  );

  it('full_handoff is described as what it is: the end of writing for both agents, until the target accepts it', async () => {
    const { tools } = await client.listTools();
    expect(tools.find(({ name }) => name === 'request_handoff')?.description).toContain(
      'full_handoff completes the session: from then on neither the source nor the target agent can add to it or hand it on. ' +
        'Both can still read it. The target takes it over with accept_handoff, which makes it active again, or continues by registering its own session.',
    );
  });

  it.each(toolArguments)('%s takes these arguments, in this order', async (name, properties, required) => {
    const { tools } = await client.listTools();
    const schema = tools.find((tool) => tool.name === name)?.inputSchema;
    expect(schema).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties,
      ...(required === undefined ? {} : { required }),
    });
    expect(Object.keys(schema?.properties ?? {})).toEqual(Object.keys(properties));
  });
});
