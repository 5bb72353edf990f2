import { SpanKind, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { SCOPE_NAME } from '../../telemetry/scope.js';
import { ATTR_GEN_AI_OPERATION_NAME, ATTR_GEN_AI_TOOL_NAME, ATTR_MCP_METHOD_NAME } from '../../telemetry/semconv.js';
import type { Profile } from '../message/profile.js';
import { isRecord } from '../shapes.js';

/** What SDK spans show beside the API; spans of other SDKs may not, and then are taken for strangers. */
interface ReadableSpan extends Span {
  readonly attributes?: Attributes;
  readonly kind?: SpanKind;
  readonly instrumentationScope?: { readonly name?: string };
}

/**
 * The context a message is handled in when it brings none. On a pipe, a span around `connect()` is what was active when
 * reading began; it is over by now, and every later message would hang under it.
 */
export function ambientOf(active: Context, isPipe: boolean): Context {
  if (!isPipe) return active;
  const span = trace.getSpan(active);
  return span === undefined || span.isRecording() ? active : trace.deleteSpan(active);
}

/**
 * The active span if it already stands for this very message, made by another instrumentation: an MCP span of the same
 * method and kind, or a GenAI `execute_tool` span around a client's call. It gets our attributes and no second span is made.
 */
export function foreignSpan(active: Context, profile: Profile): Span | undefined {
  const span: ReadableSpan | undefined = trace.getSpan(active);
  const attributes = span?.attributes;
  if (span === undefined || attributes === undefined || span.instrumentationScope?.name === SCOPE_NAME || !span.isRecording()) return undefined;
  if (attributes[ATTR_MCP_METHOD_NAME] === profile.method && span.kind === profile.spanKind) return span;
  if (profile.spanKind !== SpanKind.CLIENT || profile.method !== 'tools/call') return undefined;
  const isToolSpan = attributes[ATTR_GEN_AI_OPERATION_NAME] === 'execute_tool' && attributes[ATTR_MCP_METHOD_NAME] === undefined;
  const tool = attributes[ATTR_GEN_AI_TOOL_NAME];
  return isToolSpan && (tool === undefined || tool === profile.spanAttributes[ATTR_GEN_AI_TOOL_NAME]) ? span : undefined;
}

/** Attributes of the HTTP server's span that MCP spans repeat: who called. */
export function callerOf(active: Context): Attributes | undefined {
  const span: unknown = trace.getSpan(active);
  const attributes = isRecord(span) ? span['attributes'] : undefined;
  if (!isRecord(attributes)) return undefined;
  const address = attributes['client.address'] ?? attributes['network.peer.address'];
  if (typeof address !== 'string') return undefined;
  const port = attributes['client.address'] === undefined ? attributes['network.peer.port'] : attributes['client.port'];
  return { 'client.address': address, ...(typeof port === 'number' ? { 'client.port': port } : {}) };
}
