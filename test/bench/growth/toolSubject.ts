import type { Client } from '@modelcontextprotocol/client';
import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { startOurs } from '../mcp/ours.js';
import { registerPipeline } from '../mcp/pipeline.js';
import { checkAnswer, TEXT, TOOL } from '../mcp/subject.js';
import type { Subject } from '../mcp/subject.js';
import { echo, openPair } from '../mcp/subjects/pair.js';

/** What is measured in a process of its own: `ours call 100`. */
export interface ToolCase {
  readonly who: 'bare' | 'ours';
  readonly what: 'call' | 'list';
  readonly tools: number;
}

export function nameOf({ who, what, tools }: ToolCase): string {
  return `${who} ${what} ${tools}`;
}

export function caseOf(name: string): ToolCase {
  const [who, what, tools] = name.split(' ');
  if ((who !== 'bare' && who !== 'ours') || (what !== 'call' && what !== 'list') || !(Number(tools) >= 1))
    throw new Error(`no such case: ${name}`);
  return { who, what, tools: Number(tools) };
}

/** A server of SDK v2 with that many tools, which all are called in turn, or listed. */
export async function openToolSubject({ who, what, tools }: ToolCase): Promise<Subject> {
  const sink = who === 'ours' ? registerPipeline() : undefined;
  const ours = who === 'ours' ? await startOurs({ discover: false }) : undefined;
  let client: Client | undefined;
  const pair = await openPair({
    ...(sink === undefined ? {} : { sink }),
    wrapServer: (bare) => {
      const server = ours?.instrumentServer(bare) ?? bare;
      // The pair registers the first one itself.
      for (let number = 1; number < tools; number += 1) registerTool(server, number);
      return server;
    },
    wrapClient: (bare) => (client = bare),
  });
  if (client === undefined) throw new Error('the pair has no client');
  return { ...pair, call: what === 'call' ? callInTurn(client, tools) : listAll(client, tools) };
}

function registerTool(server: McpServer, number: number): void {
  const inputSchema = z.object({ text: z.string() });
  server.registerTool(toolName(number), { description: 'Says what it is told.', inputSchema }, (args, context) => echo(args, context));
}

/** Of the tools, counted from 0. */
export function toolName(number: number): string {
  return number === 0 ? TOOL : `${TOOL}-${number}`;
}

/** From the last to the first: the calls whose spans are looked at are those of the tools that were registered last. */
function callInTurn(client: Client, tools: number): () => Promise<void> {
  let number = tools;
  return async () => {
    number = (number === 0 ? tools : number) - 1;
    checkAnswer(await client.callTool({ name: toolName(number), arguments: { text: TEXT } }));
  };
}

function listAll(client: Client, tools: number): () => Promise<void> {
  return async () => {
    const { tools: listed } = await client.listTools(undefined, { cacheMode: 'bypass' });
    if (listed.length !== tools) throw new Error(`${listed.length} tools were listed, not ${tools}`);
  };
}
