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

/** What SDK spans show beside the API; spans of other SDKs may not, and then are taken for strangers. */
interface ReadableSpan extends Span {
  readonly attributes?: Attributes;
  readonly kind?: SpanKind;
  readonly ended?: boolean;
  readonly instrumentationScope?: { readonly name?: string };
}

/**
 * Whether a span that records nothing is left over from when reading began. `never`: a server over HTTP reads in the context
 * of the request. `always`: on a pipe it is what was around `connect()`; so it is at a client while none of its calls waits.
 * `maybe`: a client reads within a call, or on the stream it opened long ago.
 */
export type Staleness = 'never' | 'maybe' | 'always';

/**
 * The context a message is handled in when it brings none: without a span that was active when reading began and is over by
 * now, or every later message would hang under it.
 */
export function ambientOf(active: Context, staleness: Staleness): Context {
  if (staleness === 'never') return active;
  const span: ReadableSpan | undefined = trace.getSpan(active);
  if (span === undefined || span.isRecording()) return active;
  // One that was not sampled records nothing either, and may be the call's.
  return staleness === 'always' || span.ended === true ? trace.deleteSpan(active) : active;
}

/**
 * The active span if it already stands for this very message, made by another instrumentation: an MCP span of the same
 * method and kind, or a GenAI `execute_tool` span around a client's call. It gets our attributes and no second span is made.
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

/** Attributes of the HTTP server's span that MCP spans repeat: who called. */
export function callerOf(active: Context): Attributes | undefined {
  const span: ReadableSpan | undefined = trace.getSpan(active);
  const attributes = span?.attributes;
  // Of a client's span the peer is the server.
  if (attributes === undefined || span?.kind !== SpanKind.SERVER) return undefined;
  const address = attributes[ATTR_CLIENT_ADDRESS] ?? attributes[ATTR_NETWORK_PEER_ADDRESS];
  if (typeof address !== 'string') return undefined;
  const port = attributes[ATTR_CLIENT_ADDRESS] === undefined ? attributes[ATTR_NETWORK_PEER_PORT] : attributes[ATTR_CLIENT_PORT];
  return { [ATTR_CLIENT_ADDRESS]: address, ...(typeof port === 'number' ? { [ATTR_CLIENT_PORT]: port } : {}) };
}
