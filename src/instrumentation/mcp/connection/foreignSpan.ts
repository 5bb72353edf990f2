import { SpanKind, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { SCOPE_NAME } from '../../../telemetry/scope.js';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_CLIENT_PORT,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_MCP_METHOD_NAME,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
} from '../../../telemetry/semconv.js';
import type { Profile } from '../profiles/profile.js';

/** What SDK spans expose in addition to the API; spans of other SDKs may not, and are then treated as unrelated. */
interface ReadableSpan extends Span {
  readonly attributes?: Attributes;
  readonly kind?: SpanKind;
  readonly ended?: boolean;
  readonly instrumentationScope?: { readonly name?: string };
}

/**
 * Whether an active span that records nothing is left over from when reading began. `never`: a server over HTTP reads in the context
 * of the request. `always`: on a pipe it is what was active around `connect()`, and so it is in a client while none of its calls
 * is pending. `maybe`: a client reads within a call, or on a stream it opened long ago.
 */
export type Staleness = 'never' | 'maybe' | 'always';

/**
 * Returns the context in which a message without its own is handled: without a span that was active when reading began but has
 * ended since, or every later message would become its child.
 */
export function ambientOf(active: Context, staleness: Staleness): Context {
  if (staleness === 'never') return active;
  const span: ReadableSpan | undefined = trace.getSpan(active);
  if (span === undefined || span.isRecording()) return active;
  // A span that was not sampled does not record either, and may belong to the call.
  return staleness === 'always' || span.ended === true ? trace.deleteSpan(active) : active;
}

/**
 * Returns the active span if another instrumentation created it for this very message: an MCP span of the same
 * method and kind, or a GenAI `execute_tool` span around a client's call. It gets our attributes and no second span is created.
 */
export function foreignSpan(active: Context, profile: Profile): Span | undefined {
  const span: ReadableSpan | undefined = trace.getSpan(active);
  const attributes = span?.attributes;
  if (span === undefined || attributes === undefined || span.instrumentationScope?.name === SCOPE_NAME || !span.isRecording())
    return undefined;
  if (attributes[ATTR_MCP_METHOD_NAME] === profile.method && span.kind === profile.spanKind) return span;
  if (profile.spanKind !== SpanKind.CLIENT || profile.method !== 'tools/call') return undefined;
  const isToolSpan = attributes[ATTR_GEN_AI_OPERATION_NAME] === 'execute_tool' && attributes[ATTR_MCP_METHOD_NAME] === undefined;
  const tool = attributes[ATTR_GEN_AI_TOOL_NAME];
  return isToolSpan && (tool === undefined || tool === profile.spanAttributes[ATTR_GEN_AI_TOOL_NAME]) ? span : undefined;
}

/** Returns the attributes of the HTTP server's span that MCP spans repeat: the caller's address. */
export function callerOf(active: Context): Attributes | undefined {
  const span: ReadableSpan | undefined = trace.getSpan(active);
  const attributes = span?.attributes;
  // On a client's span, the peer is the server.
  if (attributes === undefined || span?.kind !== SpanKind.SERVER) return undefined;
  const address = attributes[ATTR_CLIENT_ADDRESS] ?? attributes[ATTR_NETWORK_PEER_ADDRESS];
  if (typeof address !== 'string') return undefined;
  const port = attributes[ATTR_CLIENT_ADDRESS] === undefined ? attributes[ATTR_NETWORK_PEER_PORT] : attributes[ATTR_CLIENT_PORT];
  return { [ATTR_CLIENT_ADDRESS]: address, ...(typeof port === 'number' ? { [ATTR_CLIENT_PORT]: port } : {}) };
}
