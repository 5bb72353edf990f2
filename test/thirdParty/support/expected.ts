import type { AttributeExpectations } from '../../../src/testing.js';
import { toolOf } from './exchange.js';
import type { Conversation, Exchange } from './exchange.js';

/** What the conventions demand of the span and the point of one exchange, worked out from the wire alone. */
export interface Expected {
  readonly name: string;
  readonly status: 'UNSET' | 'ERROR';
  readonly span: AttributeExpectations;
  readonly point: AttributeExpectations;
}

/** Codes for mistakes of the caller, which are no failure of the server. */
const CALLER_FAULTS: ReadonlySet<number> = new Set([-32700, -32600, -32601, -32602, -32002]);

/** The methods these tests send that the conventions list; others become `_OTHER`. */
const METHODS: ReadonlySet<string> = new Set([
  'initialize',
  'server/discover',
  'ping',
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/read',
]);

export function expectedOf(exchange: Exchange, conversation: Conversation, transport: 'stdio' | 'http'): Expected {
  const method = METHODS.has(exchange.method) ? exchange.method : '_OTHER';
  const tool = toolOf(exchange);
  const prompt = exchange.method === 'prompts/get' ? String(exchange.params?.['name']) : undefined;
  const known = tool === undefined ? prompt : listedTools(conversation).has(tool) ? tool : undefined;
  const failure = failureOf(exchange);
  const both: AttributeExpectations = {
    'mcp.method.name': method,
    'gen_ai.operation.name': tool === undefined ? undefined : 'execute_tool',
    'mcp.protocol.version': conversation.protocolVersion,
    'network.transport': transport === 'stdio' ? 'pipe' : 'tcp',
    'network.protocol.name': transport === 'stdio' ? undefined : 'http',
    'error.type': failure.errorType,
    'rpc.response.status_code': failure.code,
    'gen_ai.prompt.name': prompt,
  };
  return {
    name: known === undefined ? method : `${method} ${known}`,
    status: failure.errorType === undefined ? 'UNSET' : 'ERROR',
    span: {
      ...both,
      'gen_ai.tool.name': tool,
      'jsonrpc.request.id': String(exchange.id),
      // The request that opens a session arrives without one.
      ...(exchange.method === 'initialize' ? {} : { 'mcp.session.id': conversation.sessionId }),
      'gen_ai.tool.call.arguments': undefined,
      'gen_ai.tool.call.result': undefined,
    },
    point: {
      ...both,
      'gen_ai.tool.name': tool === undefined || known !== undefined ? tool : '_OTHER',
      'jsonrpc.request.id': undefined,
      'mcp.session.id': undefined,
    },
  };
}

function failureOf({ answer }: Exchange): { readonly errorType: string | undefined; readonly code: string | undefined } {
  if (answer.error !== undefined) {
    const code = String(answer.error.code);
    return { code, errorType: CALLER_FAULTS.has(answer.error.code) ? undefined : code };
  }
  return { code: undefined, errorType: answer.result?.['isError'] === true ? 'tool_error' : undefined };
}

function listedTools({ exchanges }: Conversation): ReadonlySet<string> {
  const tools = exchanges.find(({ method }) => method === 'tools/list')?.answer.result?.['tools'];
  return new Set((tools as readonly { readonly name: string }[]).map(({ name }) => name));
}
