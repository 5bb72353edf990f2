/**
 * What we need to know about the MCP SDKs, as shapes instead of imports: v1 and v2, ESM and CJS builds, client and server
 * packages all have their own classes, so `instanceof` would miss most of them, and importing one would load a second copy.
 */

import { isFunction, isRecord } from '../../values/guards.js';

export type RequestId = string | number;

export interface JsonRpcMessage {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

export interface RequestMessage extends JsonRpcMessage {
  readonly id: RequestId;
  readonly method: string;
}

export interface NotificationMessage extends JsonRpcMessage {
  readonly method: string;
}

export interface ResponseMessage extends JsonRpcMessage {
  readonly id: RequestId;
}

/** What a transport passes along with a message. v2 HTTP passes the web `request`, v1 HTTP passes `requestInfo`. */
export interface MessageExtra {
  readonly request?: { readonly headers?: unknown; readonly signal?: AbortSignal };
  readonly requestInfo?: { readonly headers?: unknown };
  readonly authInfo?: unknown;
}

export interface TransportLike {
  start: (...args: unknown[]) => unknown;
  send: (...args: unknown[]) => unknown;
  onmessage?: ((...args: unknown[]) => unknown) | undefined;
  onclose?: ((...args: unknown[]) => unknown) | undefined;
  onerror?: ((...args: unknown[]) => unknown) | undefined;
  readonly sessionId?: unknown;
}

/** `Protocol` of either SDK: the low-level `Server` or `Client`, or what an `McpServer` holds as `server`. */
export interface ProtocolLike {
  connect: (...args: unknown[]) => unknown;
  readonly setRequestHandler: unknown;
  readonly transport?: unknown;
  readonly getNegotiatedProtocolVersion?: unknown;
  readonly _requestHandlers?: unknown;
  readonly _notificationHandlers?: unknown;
  readonly _requestHandlerAbortControllers?: unknown;
  readonly _timeoutInfo?: unknown;
}

/** Returns the object whose `connect` every connection passes through, or `undefined` when `candidate` is not an MCP server or client. */
export function protocolOf(candidate: unknown): ProtocolLike | undefined {
  if (!isRecord(candidate)) return undefined;
  return isProtocol(candidate['server']) ? candidate['server'] : isProtocol(candidate) ? candidate : undefined;
}

function isProtocol(value: unknown): value is ProtocolLike & Record<string, unknown> {
  return isRecord(value) && isFunction(value['connect']) && isFunction(value['setRequestHandler']);
}

/** Whether a protocol is a client: both sides have the same base class, but only clients call tools. */
export function isClient(protocol: unknown): boolean {
  return isRecord(protocol) && isFunction(protocol['callTool']);
}

/** Decided by the names alone: a transport's getters may throw or have side effects, so only its host may read them. */
export function isTransport(value: unknown): value is TransportLike {
  return isRecord(value) && 'start' in value && 'send' in value;
}

export function isRequest(message: unknown): message is RequestMessage {
  return isRecord(message) && typeof message['method'] === 'string' && isRequestId(message['id']);
}

/** Whether a message is one-way. A request whose id has the wrong type is neither: the SDKs drop it. */
export function isNotification(message: unknown): message is NotificationMessage {
  return isRecord(message) && typeof message['method'] === 'string' && !('id' in message);
}

export function isResponse(message: unknown): message is ResponseMessage {
  return isRecord(message) && isRequestId(message['id']) && ('result' in message || 'error' in message);
}

export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || typeof value === 'number';
}

/** Returns a string property of a value that may be anything. */
export function stringProperty(value: unknown, key: string): string | undefined {
  if (!isRecord(value)) return undefined;
  const property = value[key];
  return typeof property === 'string' ? property : undefined;
}

/** Returns `params._meta` of a message. */
export function metaOf(params: unknown): Record<string, unknown> | undefined {
  const meta = isRecord(params) ? params['_meta'] : undefined;
  return isRecord(meta) ? meta : undefined;
}

/** Returns a header from a `Headers` object (v2) or from a plain record with lower-case keys (v1). */
export function headerOf(extra: MessageExtra | undefined, name: string): string | undefined {
  const headers = extra?.request?.headers ?? extra?.requestInfo?.headers;
  if (!isRecord(headers)) return undefined;
  const get = headers['get'];
  const value: unknown = isFunction(get) ? get.call(headers, name) : headers[name];
  return typeof value === 'string' ? value : undefined;
}
