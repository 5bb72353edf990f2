import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import type { Sessions } from '../../../../src/handoff/sessions/sessions.js';
import { handoffServerFactory } from '../../../../src/handoff/server/createHandoffServer.js';
import { session, noFacts } from '../sessions/samples.js';
import { summarise } from '../../../../src/handoff/sessions/summarise.js';

export const LIMITS = { maxContentBytes: 1000, maxMetadataBytes: 500 } as const;

type Answer<Method extends keyof Sessions> = Awaited<ReturnType<Sessions[Method]>>;

/** Sessions that answer what a test says and keep what they were asked; a method not given must not be called. */
export class FakeSessions {
  readonly calls: (readonly [method: keyof Sessions, request: unknown])[] = [];
  readonly sessions: Sessions;

  constructor(
    answers: Partial<{
      [Method in keyof Sessions]: (request: Parameters<Sessions[Method]>[0]) => Answer<Method> | Promise<Answer<Method>>;
    }> = {},
  ) {
    const answer =
      <Method extends keyof Sessions>(method: Method) =>
      async (request: Parameters<Sessions[Method]>[0]): Promise<Answer<Method>> => {
        this.calls.push([method, request]);
        const given = answers[method] as ((request: unknown) => Answer<Method> | Promise<Answer<Method>>) | undefined;
        if (given === undefined) throw new Error(`secret: ${method} was not expected`);
        return await given(request);
      };
    this.sessions = {
      register: answer('register'),
      append: answer('append'),
      handOff: answer('handOff'),
      analyse: answer('analyse'),
      context: answer('context'),
      part: answer('part'),
      summary: answer('summary'),
      list: answer('list'),
      acceptHandoff: answer('acceptHandoff'),
      rejectHandoff: answer('rejectHandoff'),
      completeHandoff: answer('completeHandoff'),
      listHandoffs: answer('listHandoffs'),
      lifecycle: answer('lifecycle'),
    };
  }
}

export const summary = summarise(session, { ...noFacts, entry_count: 2, message_count: 2, first_message: 'a', last_message: 'b' });

/** A client of a real server over those sessions. */
export async function connectTo({ sessions }: FakeSessions, maxAnswerBytes?: number): Promise<Client> {
  const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
  const room = maxAnswerBytes === undefined ? {} : { maxAnswerBytes };
  await handoffServerFactory({ sessions, limits: LIMITS, version: '9.9.9', ...room })().connect(serverEnd);
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(clientEnd);
  return client;
}

export interface ToolAnswer {
  readonly isError: boolean;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** Calls a tool and takes its one text item apart. */
export async function call(client: Client, name: string, args?: Record<string, unknown>): Promise<ToolAnswer> {
  const result = await client.callTool(args === undefined ? { name } : { name, arguments: args });
  const [item, ...others] = result.content as { type: string; text: string }[];
  if (item?.type !== 'text' || others.length > 0) throw new Error(`expected one text item, got ${JSON.stringify(result.content)}`);
  return { isError: result.isError === true, text: item.text, body: JSON.parse(item.text) as Record<string, unknown> };
}

/** Reads a resource and takes its one content apart. */
export async function read(client: Client | undefined, uri: string): Promise<{ body: unknown; content: Record<string, unknown> }> {
  if (client === undefined) throw new Error('connect first');
  const { contents } = await client.readResource({ uri });
  const [content, ...others] = contents as Record<string, unknown>[];
  if (content === undefined || others.length > 0) throw new Error(`expected one content, got ${contents.length}`);
  return { body: JSON.parse(String(content['text'])), content };
}
