import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_JSONRPC_REQUEST_ID,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_MCP_RESOURCE_URI,
  ATTR_MCP_SESSION_ID,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_TRANSPORT,
  VALUE_OTHER,
} from '../telemetry/semconv.js';
import { hasSessions, knownMethod } from './knownValues.js';
import type { Network } from './network.js';
import { stringProperty } from './shapes.js';
import type { RequestMessage } from './shapes.js';
import type { TargetKind, TargetNames } from './targetNames.js';

/** Names a caller made up are kept on the span, but no longer than this. */
const MAX_NAME_LENGTH = 128;
const MAX_URI_LENGTH = 512;

const NAMED_TARGETS: Readonly<Record<string, { readonly kind: TargetKind; readonly attribute: string }>> = {
  'tools/call': { kind: 'tool', attribute: ATTR_GEN_AI_TOOL_NAME },
  'prompts/get': { kind: 'prompt', attribute: ATTR_GEN_AI_PROMPT_NAME },
};
const URI_METHODS: ReadonlySet<string> = new Set(['resources/read', 'resources/subscribe', 'resources/unsubscribe']);

/** What the connection knows about a request beside its text. */
export interface RequestFacts {
  readonly names: TargetNames;
  readonly network: Network;
  readonly protocolVersion: string | undefined;
  readonly sessionId: unknown;
}

/** Everything telemetry says about a request before it is answered. */
export interface RequestDescription {
  readonly spanName: string;
  readonly spanAttributes: Attributes;
  readonly metricAttributes: Attributes;
}

/** Names and attributes of a request, by the conventions' span, attribute and metric tables. */
export function describeRequest(message: RequestMessage, facts: RequestFacts): RequestDescription {
  const method = knownMethod(message.method);
  const shared: Attributes = { [ATTR_MCP_METHOD_NAME]: method };
  if (facts.network.transport !== undefined) shared[ATTR_NETWORK_TRANSPORT] = facts.network.transport;
  if (facts.network.protocolName !== undefined) shared[ATTR_NETWORK_PROTOCOL_NAME] = facts.network.protocolName;
  if (facts.protocolVersion !== undefined) shared[ATTR_MCP_PROTOCOL_VERSION] = facts.protocolVersion;
  if (method === 'tools/call') shared[ATTR_GEN_AI_OPERATION_NAME] = 'execute_tool';

  const spanAttributes: Attributes = { ...shared, [ATTR_JSONRPC_REQUEST_ID]: String(message.id) };
  if (typeof facts.sessionId === 'string' && hasSessions(facts.protocolVersion)) spanAttributes[ATTR_MCP_SESSION_ID] = facts.sessionId;
  if (URI_METHODS.has(method)) {
    const uri = stringProperty(message.params, 'uri');
    if (uri !== undefined) spanAttributes[ATTR_MCP_RESOURCE_URI] = uri.slice(0, MAX_URI_LENGTH);
  }

  const target = NAMED_TARGETS[method];
  const name = target === undefined ? undefined : stringProperty(message.params, 'name');
  if (target === undefined || name === undefined) return { spanName: method, spanAttributes, metricAttributes: shared };
  const registered = facts.names.has(target.kind, name);
  spanAttributes[target.attribute] = name.slice(0, MAX_NAME_LENGTH);
  shared[target.attribute] = registered ? name : VALUE_OTHER;
  return { spanName: registered ? `${method} ${name}` : method, spanAttributes, metricAttributes: shared };
}
