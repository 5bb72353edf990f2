import { registry } from '../registry/load.js';
import type { RecordedSpan } from '../telemetry/recorded.js';
import { onSpans, without } from './mutant.js';
import type { Mutant } from './mutant.js';

type Rewrite = (span: RecordedSpan) => RecordedSpan | readonly RecordedSpan[];

const mutant = (name: string, subject: string, rewrite: Rewrite): Mutant => ({ name, subject, signal: 'span', apply: onSpans(rewrite) });
const textOf = (span: RecordedSpan, key: string): string | undefined => {
  const value = span.attributes[key];
  return typeof value === 'string' ? value : undefined;
};
const methodOf = (span: RecordedSpan): string => String(span.attributes['mcp.method.name']);
const codeOf = (span: RecordedSpan): number => Number(span.attributes['rpc.response.status_code']);
const isFault = (span: RecordedSpan): boolean => registry.status.serverNotErrors.includes(codeOf(span));
const asError = (span: RecordedSpan): RecordedSpan => ({
  ...span,
  status: 'error',
  attributes: { ...span.attributes, 'error.type': String(codeOf(span)) },
});
const asSuccess = (span: RecordedSpan): RecordedSpan => ({
  ...span,
  status: 'unset',
  description: undefined,
  attributes: without(span.attributes, 'error.type'),
});
const failedAs = (span: RecordedSpan, type: string): boolean => span.attributes['error.type'] === type;

/** Defects of spans that are not about a single attribute, most of them seen in other instrumentations. */
export const spanMutants: readonly Mutant[] = [
  mutant('every span is INTERNAL', 'span.kind', (span) => ({ ...span, kind: 'internal' })),
  mutant('kind follows the role instead of the direction', 'span.kind', (span) =>
    /^(sampling|elicitation|roots)\//.test(methodOf(span)) ? { ...span, kind: span.kind === 'client' ? 'server' : 'client' } : span,
  ),
  mutant('no span for notifications', 'span.count', (span) => (methodOf(span).startsWith('notifications/') ? [] : span)),
  mutant('no span for requests of unknown methods', 'span.count', (span) => (methodOf(span) === '_OTHER' ? [] : span)),
  mutant('no span for server/discover and subscriptions/listen', 'span.count', (span) =>
    /^(server|subscriptions)\//.test(methodOf(span)) ? [] : span,
  ),
  mutant('tool calls make two spans', 'span.count', (span) => (methodOf(span) === 'tools/call' ? [span, { ...span }] : span)),
  mutant('name without its target', 'span.name', (span) => ({ ...span, name: methodOf(span) })),
  mutant('name with the made-up name of a tool or prompt', 'span.name', (span) => ({
    ...span,
    name: [methodOf(span), textOf(span, 'gen_ai.tool.name'), textOf(span, 'gen_ai.prompt.name')].filter(Boolean).join(' '),
  })),
  mutant('name with the URI of the resource', 'span.name', (span) => ({
    ...span,
    name: [methodOf(span), textOf(span, 'mcp.resource.uri') ?? span.name.split(' ')[1]].filter(Boolean).join(' '),
  })),
  mutant('name in the style of RPC', 'span.name', (span) => ({ ...span, name: `mcp.${span.name}` })),
  mutant('status OK on success', 'span.status', (span) => (span.status === 'unset' ? { ...span, status: 'ok' } : span)),
  mutant('no status on failure', 'span.status', (span) => ({ ...span, status: 'unset' })),
  mutant('no description of an error code', 'span.status.description', (span) => ({ ...span, description: undefined })),
  mutant('content of a refusal as description', 'span.status.description', (span) =>
    failedAs(span, registry.toolErrorType) ? { ...span, description: 'it blew up' } : span,
  ),
  mutant("a caller's fault is the server's error", 'error.type', (span) =>
    span.kind === 'server' && isFault(span) ? asError(span) : span,
  ),
  mutant("a caller's fault sets the server's status", 'span.status', (span) =>
    span.kind === 'server' && isFault(span) ? asError(span) : span,
  ),
  mutant("a caller's fault is no error to the caller", 'error.type', (span) =>
    span.kind === 'client' && isFault(span) ? asSuccess(span) : span,
  ),
  mutant('draft of #404: only -32603 and -32000 to -32099 are errors', 'error.type', (span) => {
    const code = codeOf(span);
    if (span.kind !== 'server' || Number.isNaN(code)) return span;
    return code === -32_603 || (code <= -32_000 && code >= -32_099) ? asError(span) : asSuccess(span);
  }),
  mutant('-32002 is an error to the server', 'error.type', (span) =>
    span.kind === 'server' && codeOf(span) === -32_002 ? asError(span) : span,
  ),
  ...registry.status.serverNotErrors.map((code) =>
    mutant(`${code} is an error to the server`, 'span.status', (span) =>
      span.kind === 'server' && codeOf(span) === code ? asError(span) : span,
    ),
  ),
  mutant('isError is a success', 'error.type', (span) => (failedAs(span, registry.toolErrorType) ? asSuccess(span) : span)),
  mutant('isError is the class of the exception', 'error.type', (span) =>
    failedAs(span, registry.toolErrorType) ? { ...span, attributes: { ...span.attributes, 'error.type': 'RangeError' } } : span,
  ),
  mutant('a cancelled call is a success', 'error.type', (span) => (failedAs(span, 'cancelled') ? asSuccess(span) : span)),
  mutant('a timeout is a code of a response', 'rpc.response.status_code', (span) =>
    failedAs(span, 'timeout') ? { ...span, attributes: { ...span.attributes, 'rpc.response.status_code': '-32001' } } : span,
  ),
  mutant('a closed connection is a code of a response', 'rpc.response.status_code', (span) =>
    failedAs(span, 'connection_closed') ? { ...span, attributes: { ...span.attributes, 'rpc.response.status_code': '-32000' } } : span,
  ),
  mutant('a timeout is a cancellation', 'error.type', (span) =>
    failedAs(span, 'timeout') ? { ...span, attributes: { ...span.attributes, 'error.type': 'cancelled' } } : span,
  ),
  mutant('input_required is an error', 'error.type', (span) =>
    span.attributes['handoff.mcp.result.type'] === 'input_required'
      ? { ...span, status: 'error', attributes: { ...span.attributes, 'error.type': 'input_required' } }
      : span,
  ),
  mutant('input_required is not marked', 'handoff.mcp.result.type', (span) => ({
    ...span,
    attributes: without(span.attributes, 'handoff.mcp.result.type'),
  })),
  mutant('request id as a number', 'jsonrpc.request.id', (span) =>
    span.attributes['jsonrpc.request.id'] === undefined
      ? span
      : { ...span, attributes: { ...span.attributes, 'jsonrpc.request.id': Number(span.attributes['jsonrpc.request.id']) } },
  ),
  mutant('raw text of unknown methods', 'mcp.method.name', (span) =>
    methodOf(span) === '_OTHER' ? { ...span, attributes: { ...span.attributes, 'mcp.method.name': 'made/up' } } : span,
  ),
  mutant('protocol name in capitals', 'network.protocol.name', (span) =>
    span.attributes['network.protocol.name'] === undefined
      ? span
      : { ...span, attributes: { ...span.attributes, 'network.protocol.name': 'HTTP' } },
  ),
  mutant('stdio as tcp', 'network.transport', (span) =>
    span.attributes['network.transport'] === 'pipe' ? { ...span, attributes: { ...span.attributes, 'network.transport': 'tcp' } } : span,
  ),
  mutant('a port without its address', 'port.with.address', (span) => ({ ...span, attributes: { ...span.attributes, 'client.port': 80 } })),
  mutant('attribute of an old draft', 'attributes.allowed', (span) => ({
    ...span,
    attributes: { ...span.attributes, 'mcp.request.id': '1' },
  })),
  mutant('prompt arguments without asking', 'attributes.allowed', (span) =>
    methodOf(span) === 'prompts/list' ? { ...span, attributes: { ...span.attributes, 'gen_ai.prompt.variable.who': 'you' } } : span,
  ),
  mutant('prompt argument lost though asked for', 'gen_ai.prompt.variable.who', (span) => ({
    ...span,
    attributes: without(span.attributes, 'gen_ai.prompt.variable.who'),
  })),
  mutant('the receiver starts a trace of its own', 'propagation.parent', (span) =>
    span.kind === 'server' ? { ...span, parentId: undefined } : span,
  ),
  mutant('the receiver continues the ambient span', 'propagation.parent', (span) =>
    span.kind === 'server' ? { ...span, parentId: 'aaaaaaaaaaaaaaaa' } : span,
  ),
];
