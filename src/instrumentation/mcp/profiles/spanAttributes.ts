import type { Attributes, Span } from '@opentelemetry/api';
import { ATTR_JSONRPC_PROTOCOL_VERSION, ATTR_JSONRPC_REQUEST_ID, ATTR_MCP_RESOURCE_URI } from '../../../telemetry/semconv.js';
import type { Capture } from '../content/capture.js';
import type { McpSettings } from '../options.js';
import { isRecord } from '../../../values/guards.js';
import { isRequestId, stringProperty } from '../shapes.js';
import type { JsonRpcMessage } from '../shapes.js';
import { clip } from '../message/clip.js';
import type { Profile } from './profile.js';

const MAX_URI_LENGTH = 512;
const MAX_ID_LENGTH = 128;
const MAX_VERSION_LENGTH = 16;

const URI_METHODS: ReadonlySet<string> = new Set([
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'notifications/resources/updated',
]);

/** Adds what is specific to this message to the attributes of its profile; returns the span's name. */
export function describeMessage(attributes: Attributes, profile: Profile, message: JsonRpcMessage, settings: McpSettings): string {
  const { id, jsonrpc, params } = message;
  if (isRequestId(id)) attributes[ATTR_JSONRPC_REQUEST_ID] = clip(String(id), MAX_ID_LENGTH);
  if (typeof jsonrpc === 'string' && jsonrpc !== '2.0') attributes[ATTR_JSONRPC_PROTOCOL_VERSION] = clip(jsonrpc, MAX_VERSION_LENGTH);
  if (!URI_METHODS.has(profile.method)) return profile.spanName;
  const given = stringProperty(params, 'uri');
  if (given === undefined) return profile.spanName;
  const uri = clip(given, MAX_URI_LENGTH);
  attributes[ATTR_MCP_RESOURCE_URI] = uri;
  return settings.resourceUriInName ? `${profile.spanName} ${uri}` : profile.spanName;
}

/** Puts the content of a request or response on its span, where enabled. It is redacted before it becomes an attribute. */
export function contentOf(
  capture: Capture | undefined,
  span: Span | undefined,
  method: string,
  message: JsonRpcMessage,
  target: string | undefined,
): void {
  if (capture === undefined || span === undefined) return;
  try {
    if (span.isRecording()) capturedOf(capture, span, method, message, target);
  } catch {
    // Live objects may have proxy traps that throw; then there is no content to show.
  }
}

function capturedOf(capture: Capture, span: Span, method: string, message: JsonRpcMessage, target: string | undefined): void {
  const { params, result } = message;
  if ('method' in message) {
    span.setAttributes(capture.requestSize(message));
    const given = isRecord(params) ? params['arguments'] : undefined;
    if (target === undefined || given === undefined) return;
    if (method === 'tools/call') span.setAttributes(capture.argumentsOf(target, given));
    else if (method === 'prompts/get') span.setAttributes(capture.promptVariables(target, given));
    return;
  }
  span.setAttributes(capture.responseSize(message));
  if (method === 'tools/call' && target !== undefined && result !== undefined) span.setAttributes(capture.resultOf(target, result));
}
