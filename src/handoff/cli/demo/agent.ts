import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Client, ProtocolError } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { packageInfo } from '../packageInfo.js';
import type { AgentTask } from './agentTelemetry.js';

/** One call an agent made, for the check that its telemetry arrived. */
export interface CallRecord {
  readonly agent: string;
  readonly method: 'tools/call' | 'resources/read';
  readonly tool: string | undefined;
  /** `protocol_error`: the call was refused before any tool ran. */
  readonly outcome: 'success' | 'tool_error' | 'protocol_error';
  readonly traceId: string;
  /** The client's span, which the server's must have as its parent. */
  readonly clientSpanId: string;
}

/** An agent: an MCP client with its own stdio server, started the way MCP hosts do. */
export interface Agent {
  readonly name: string;
  readonly calls: readonly CallRecord[];
  /** Calls a tool and resolves with its JSON, success or failure; `undefined` when the call was refused with a protocol error. */
  call(task: AgentTask, tool: string, args: Record<string, unknown>): Promise<ToolAnswer | undefined>;
  /** Reads a resource and resolves with its JSON. */
  read(task: AgentTask, uri: string): Promise<unknown>;
  /** Closes the server's stdin and waits until it has exited. */
  close(): Promise<void>;
}

export interface AgentOptions {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onServerLog: (line: string) => void;
}

const answerSchema = z.looseObject({ success: z.boolean(), error: z.string().optional() });
export type ToolAnswer = z.output<typeof answerSchema>;

const cliPath = fileURLToPath(new URL('../../../cli.js', import.meta.url));

/** Starts a server for an agent and connects to it. */
export async function connectAgent({ name, env, onServerLog }: AgentOptions): Promise<Agent> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cliPath, 'serve', '--stdio'],
    env: { ...env },
    stderr: 'pipe',
  });
  transport.stderr?.on('data', (chunk: Buffer) => onServerLog(chunk.toString('utf8')));
  const client = new Client({ name, version: packageInfo().version });
  await client.connect(transport);
  const calls: CallRecord[] = [];
  return {
    name,
    calls,
    call: (task, tool, args) =>
      task.request('tools/call', tool, async (meta, clientSpanId) => {
        const record = (outcome: CallRecord['outcome']): void =>
          void calls.push({ agent: name, method: 'tools/call', tool, outcome, traceId: task.traceId, clientSpanId });
        try {
          const result = await client.callTool({ name: tool, arguments: args, _meta: meta });
          record(result.isError === true ? 'tool_error' : 'success');
          return answerSchema.parse(JSON.parse(firstText(result.content)));
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          record('protocol_error');
          return undefined;
        }
      }),
    read: (task, uri) =>
      task.request('resources/read', undefined, async (meta, clientSpanId) => {
        const { contents } = await client.readResource({ uri, _meta: meta });
        calls.push({ agent: name, method: 'resources/read', tool: undefined, outcome: 'success', traceId: task.traceId, clientSpanId });
        return JSON.parse(firstText(contents)) as unknown;
      }),
    close: () => client.close(),
  };
}

function firstText(items: readonly object[]): string {
  const [item] = items;
  return item !== undefined && 'text' in item && typeof item.text === 'string' ? item.text : '{}';
}
