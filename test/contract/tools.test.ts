import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeSessions, connectTo } from '../unit/server/fakeSessions.js';

/** What clients bind to: literals only, so that a change here is a decision. Answers are pinned in test/unit/server/tools.test.ts. */

const text = (maxLength: number, what: string) => ({
  type: 'string',
  minLength: 1,
  maxLength,
  description: `${what}: 1 to ${maxLength} characters, not blank, not . or .., without NUL`,
});
const json = (what: string) => ({ type: 'object', default: {}, description: `${what}: a JSON object of at most 500 bytes and 32 levels, without NUL` });

let client: Client;
beforeAll(async () => {
  client = await connectTo(new FakeSessions());
});
afterAll(() => client.close());

it('the server is ai-handoff-mcp with tools and resources', () => {
  expect(client.getServerVersion()).toEqual({ name: 'ai-handoff-mcp', version: '9.9.9' });
  expect(client.getServerCapabilities()).toEqual({ tools: { listChanged: false }, resources: { listChanged: false } });
});

describe('the tools', () => {
  it('are these three, in this order', async () => {
    const { tools, nextCursor } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['register_session', 'update_context', 'request_handoff']);
    expect(nextCursor).toBeUndefined();
    for (const { title, description } of tools) {
      expect(title).toMatch(/^[A-Z][a-z ]+$/);
      expect(description).toMatch(/^[A-Z].{30,}\.$/);
    }
  });

  it.each([
    [
      'register_session',
      { sessionKey: text(255, 'Key of the session'), agentFrom: text(100, 'Name of the agent that opens the session'), metadata: json('Facts about the session') },
      ['sessionKey', 'agentFrom'],
    ],
    [
      'update_context',
      {
        sessionKey: text(255, 'Key of the session'),
        contextType: { type: 'string', enum: ['message', 'file', 'tool_call', 'system'], description: 'Kind of entry, one of: message, file, tool_call, system' },
        content: { type: 'string', minLength: 1, description: 'Text of the entry: 1 to 1000 bytes of UTF-8, without NUL' },
        metadata: json('Facts about the entry'),
      },
      ['sessionKey', 'contextType', 'content'],
    ],
    [
      'request_handoff',
      {
        sessionKey: text(255, 'Key of the session'),
        targetAgent: text(100, 'Name of the agent that takes over'),
        requestType: {
          type: 'string',
          enum: ['context_transfer', 'full_handoff', 'collaboration'],
          default: 'context_transfer',
          description: 'Kind of handoff, one of: context_transfer, full_handoff, collaboration; context_transfer when left out',
        },
        requestData: json('Facts for the target agent'),
      },
      ['sessionKey', 'targetAgent'],
    ],
  ])('%s takes these arguments, in this order', async (name, properties, required) => {
    const { tools } = await client.listTools();
    const schema = tools.find((tool) => tool.name === name)?.inputSchema;
    expect(schema).toEqual({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', properties, required });
    expect(Object.keys(schema?.properties ?? {})).toEqual(Object.keys(properties));
  });
});
