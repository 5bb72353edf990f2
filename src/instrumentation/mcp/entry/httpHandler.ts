import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { SUCCEEDED, outcomeOfResponse } from '../message/outcome.js';
import { VALUE_OTHER } from '../../../telemetry/semconv.js';
import { Patch } from '../patching/patch.js';
import { callIn } from '../patching/hostCalls.js';
import type { Scope } from '../scope/scope.js';
import { isFunction, isRecord } from '../../../values/guards.js';
import { isRequest } from '../shapes.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { JsonRpcMessage } from '../shapes.js';
import { entryOperation } from './entryOperation.js';
import type { EntryRequest } from './entryOperation.js';
import { watchedStream } from './listenStream.js';
import { openSubscription } from './subscriptions.js';
import type { Exchange } from '../scope/taken.js';

const HTTP = { transport: 'tcp', protocolName: 'http' } as const;
const LISTEN = 'subscriptions/listen';
const METHOD_HEADER = 'mcp-method';
const NAME_HEADER = 'mcp-name';
const VERSION_HEADER = 'mcp-protocol-version';
/** Rejections are a few hundred bytes; anything longer is not one. */
const MAX_REJECTION_BYTES = 65_536;

interface FetchHandler {
  fetch: AnyFunction;
}

/** Whether a value is what `createMcpHandler` returns, or anything else with such a `fetch`. */
export function isFetchHandler(value: unknown): value is FetchHandler {
  return (isRecord(value) || isFunction(value)) && isFunction((value as unknown as Record<string, unknown>)['fetch']);
}

/**
 * Patches a handler's `fetch` to see what it answers before or without a server: wrong content types, versions and headers,
 * missing capabilities, scope challenges, and `subscriptions/listen`. The method of a rejected request is taken from its
 * `Mcp-Method` header or parsed body; only the body of a listen request is read a second time.
 */
export function hookHandler(handler: FetchHandler, scope: Scope, isLive: () => boolean): Patch<FetchHandler> {
  const { fetch } = handler;
  scope.shared.taken.watchHandlers();
  async function fetchWatched(this: unknown, ...args: unknown[]): Promise<unknown> {
    const request = args[0];
    const exchange = isLive() && request instanceof Request && request.method === 'POST' ? open(scope, request, args[1]) : undefined;
    if (exchange === undefined) return fetch.apply(this, args);
    const answer: unknown = await callIn(scope.shared.taken.during(exchange.ambient, exchange), fetch, this, args);
    try {
      return exchange.taken || !(answer instanceof Response) ? answer : await answeredHere(scope, exchange, answer);
    } catch {
      return answer;
    } finally {
      discard(exchange.copy);
    }
  }
  return new Patch<FetchHandler>(handler, 'fetch', fetchWatched);
}

interface OpenExchange extends Exchange {
  readonly request: Request;
  readonly parsedBody: unknown;
  /** A copy of a listen request, whose span needs the body's id and trace context. */
  readonly copy: Request | undefined;
  readonly startTimeMs: number;
  readonly ambient: Context;
}

function open(scope: Scope, request: Request, options: unknown): OpenExchange | undefined {
  try {
    const ambient = context.active();
    const parsedBody = isRecord(options) ? options['parsedBody'] : undefined;
    const copy = parsedBody === undefined && request.headers.get(METHOD_HEADER) === LISTEN ? request.clone() : undefined;
    return { taken: false, request, parsedBody, copy, startTimeMs: scope.shared.emitter.clock.nowMs(), ambient };
  } catch {
    return undefined;
  }
}

/** Called when no server took the request: the handler itself rejected it, or serves its subscription. */
async function answeredHere(scope: Scope, exchange: OpenExchange, answer: Response): Promise<Response> {
  const { request, startTimeMs, ambient } = exchange;
  const message = await messageOf(exchange, answer);
  const entry: EntryRequest = {
    message,
    network: HTTP,
    protocolVersion: request.headers.get(VERSION_HEADER) ?? undefined,
    extra: { request },
    startTimeMs,
    ambient,
  };
  if (isStream(answer)) return message.method === LISTEN ? listening(scope, entry, answer, request) : answer;
  // A listen request over the limit is rejected with status 200.
  if (answer.status >= 400 || message.method === LISTEN) rejected(scope, entry, answer);
  return answer;
}

function isStream(answer: Response): boolean {
  return answer.ok && answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
}

/** Handles a subscription: its operation ends with the acknowledgement, with which the stream begins. */
function listening(scope: Scope, entry: EntryRequest, answer: Response, request: Request): Response {
  const operation = answer.body === null ? undefined : entryOperation(scope, entry);
  if (operation === undefined) return answer;
  operation.end(SUCCEEDED);
  const close = openSubscription(scope, operation);
  request.signal.addEventListener('abort', close, { once: true });
  return watchedStream(answer, close);
}

/** Handles a rejection, which is read from a copy after the response has been passed on. */
function rejected(scope: Scope, entry: EntryRequest, answer: Response): void {
  const copy = answer.headers.get('content-type')?.includes('json') === true ? answer.clone() : undefined;
  const record = (body: JsonRpcMessage): void => {
    const { id } = body;
    const operation = entryOperation(scope, {
      ...entry,
      message: { ...entry.message, ...(id === null ? {} : { id: id ?? entry.message.id }) },
    });
    const isError = isRecord(body.error) && typeof body.error['code'] === 'number';
    operation?.end(
      isError ? outcomeOfResponse(entry.message.method, body, 'received') : { errorType: String(answer.status), httpStatus: answer.status },
    );
  };
  if (copy === undefined) record({});
  else
    void parsed(copy)
      .then(record)
      .catch(() => undefined);
}

async function parsed(answer: Response): Promise<JsonRpcMessage> {
  const text = await answer.text();
  const body: unknown = text.length > MAX_REJECTION_BYTES ? undefined : JSON.parse(text);
  return isRecord(body) ? body : {};
}

async function messageOf(
  { request, parsedBody, copy }: OpenExchange,
  answer: Response,
): Promise<JsonRpcMessage & { readonly method: string }> {
  // A rejected body may be longer than the handler's limit.
  const body: unknown = copy !== undefined && answer.ok ? await copy.json() : parsedBody;
  if (isRequest(body)) return body;
  const method = request.headers.get(METHOD_HEADER) ?? VALUE_OTHER;
  const name = request.headers.get(NAME_HEADER);
  return { method, ...(name === null ? {} : { params: method.startsWith('resources/') ? { uri: name } : { name } }) };
}

/** An unread copy would block the rest of the request. */
function discard(copy: Request | undefined): void {
  if (copy?.bodyUsed === false) void copy.body?.cancel().catch(() => undefined);
}
