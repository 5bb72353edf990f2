import { context } from '@opentelemetry/api';
import type { Context, Link, Span } from '@opentelemetry/api';
import { ATTR_GEN_AI_CONVERSATION_ID } from '../../../telemetry/semconv.js';
import { OPERATION_KEY, Operation } from '../emission/operation.js';
import { OperationContext } from '../emission/operationContext.js';
import { ABANDONED, CANCELLED, SUCCEEDED, outcomeOfResponse } from '../message/outcome.js';
import type { Profile } from '../profiles/profile.js';
import { contentOf, describeMessage } from '../profiles/spanAttributes.js';
import { profileOf } from '../profiles/profileOf.js';
import { isChatty } from '../options.js';
import { resolveParent } from '../propagation/parentContext.js';
import type { Parentage } from '../propagation/parentContext.js';
import { isRecord } from '../../../values/guards.js';
import { headerOf, isRequestId, metaOf, stringProperty } from '../shapes.js';
import type { MessageExtra, NotificationMessage, RequestId, RequestMessage, ResponseMessage } from '../shapes.js';
import type { Arrival, Departure } from './begun.js';
import type { Connection } from './connection.js';
import { ambientOf, callerOf, foreignSpan } from './foreignSpan.js';
import { learnFromAnswer } from './learning.js';
import type { OpenOperations } from './openOperations.js';
import { outcomeOfUnsentAnswer } from './sendFailure.js';

/** An outgoing response. */
class Answer implements Departure {
  readonly message: ResponseMessage;
  readonly context = undefined;
  readonly #operation: Operation;
  readonly #open: OpenOperations;

  constructor(message: ResponseMessage, operation: Operation, open: OpenOperations) {
    this.message = message;
    this.#operation = operation;
    this.#open = open;
  }

  done(): void {
    this.#open.end(this.#operation, this.#operation.answer ?? SUCCEEDED);
  }

  failed(error: unknown): void {
    this.#open.end(this.#operation, this.#operation.aborted ? CANCELLED : outcomeOfUnsentAnswer(error));
  }
}

/** The circumstances of an incoming message. */
interface Circumstances {
  readonly ambient: Context;
  readonly parentage: Parentage;
  readonly version: string | undefined;
  readonly conversation: string | undefined;
}

/**
 * Handles the messages received on a connection, and the responses to them.
 *
 * Order of events: `begin` when a message arrives, then `answering` when its response is handed to the transport; the operation
 * ends when the transport has accepted that. `cancel` and the connection's close end requests without a response. Methods may throw
 * when telemetry is broken; the transport hook absorbs that.
 */
export class Received {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Starts the operation of a message; returns `undefined` when the message must not be touched. */
  begin(message: RequestMessage | NotificationMessage, extra: MessageExtra | undefined): Arrival | undefined {
    const connection = this.#connection;
    const { method, params } = message;
    const meta = metaOf(params);
    const version = connection.versionOf(meta, extra);
    const profile = profileOf(connection.profiles('received', version, extra), method, params, connection.names);
    if (profile.mode === 'off') return undefined;
    connection.learnClient(method, params, meta);
    const ambient = ambientOf(context.active(), connection.staleness);
    const parentage = this.#parentage(ambient, meta, extra);
    if (profile.mode === 'propagation-only') return { context: parentage.context, operation: undefined };
    const conversation = this.#conversation(message, extra, parentage.context);
    const { span, owned } = this.#span(message, profile, { ambient, parentage, version, conversation });
    const operation = new Operation({
      id: isRequestId(message.id) ? message.id : undefined,
      method,
      profile,
      span,
      ownsSpan: owned,
      request: extra?.request,
      clock: connection.scope.shared.emitter.clock,
      record: connection.scope.shared.emitter.operation.received,
      capture: connection.scope.settings.capture,
      client: connection.client,
      conversation,
      traceparent: traceparentIn(meta),
    });
    // A notification is already delivered; what happens to its handler when the connection closes is not its failure.
    if (operation.parts.id === undefined) operation.answer = SUCCEEDED;
    connection.received.add(operation);
    return { operation, context: new OperationContext(parentage.context, operation) };
  }

  /** Notes the outgoing response to a request; the operation ends when the transport has sent it. */
  answering(message: ResponseMessage): Departure | undefined {
    const connection = this.#connection;
    const operation = this.#find(message.id);
    if (operation === undefined) return undefined;
    const { method, span } = operation.parts;
    try {
      operation.answer = outcomeOfResponse(method, message, 'received');
      learnFromAnswer(connection, 'received', operation, message);
      contentOf(connection.scope.settings.capture, span, method, message, operation.parts.profile.target);
    } catch {
      // A response that cannot be read still counts as one.
    }
    return new Answer(message, operation, connection.received);
  }

  /** Ends the request that an incoming `notifications/cancelled` names: the SDKs send no response to a cancelled request. */
  cancel(params: unknown): void {
    const id = isRecord(params) ? params['requestId'] : undefined;
    const operation = isRequestId(id) ? this.#connection.received.get(id) : undefined;
    if (operation !== undefined && operation.answer === undefined) this.#connection.received.end(operation, CANCELLED);
  }

  /**
   * Must be called after a message was handed to the SDK. Ends the operation if the SDK did not accept it: it drops malformed
   * requests and unknown notifications without a response, and their spans would stay open until the connection closes.
   * `takenOver`: other code answers requests, at a time only it knows.
   */
  dispatched({ operation }: Arrival, takenOver = false): void {
    if (operation === undefined || operation.ended) return;
    const { received, protocol } = this.#connection;
    if (operation.parts.id === undefined) {
      // The SDKs call a notification's handler one microtask later; this runs after it.
      queueMicrotask(() => {
        if (!operation.handled) operation.end(SUCCEEDED);
      });
      return;
    }
    if (takenOver) return;
    const taken = protocol?._requestHandlerAbortControllers;
    if (taken instanceof Map && !taken.has(operation.parts.id) && operation.answer === undefined) received.end(operation, ABANDONED);
  }

  /** Ends an operation that will never be answered, because dispatching its message threw. */
  abandon({ operation }: Arrival): void {
    if (operation !== undefined) this.#connection.received.end(operation, ABANDONED);
  }

  #parentage(ambient: Context, meta: Record<string, unknown> | undefined, extra: MessageExtra | undefined): Parentage {
    const { scope, isLocal } = this.#connection;
    try {
      const { trust } = scope.settings;
      const overNetwork = !isLocal || (extra?.request ?? extra?.requestInfo) !== undefined;
      return resolveParent(scope.shared.propagator, ambient, meta, extra, overNetwork ? trust.network : trust.local);
    } catch {
      // If the propagator fails, only the parent is lost, not the span.
      return { context: ambient, links: undefined };
    }
  }

  #span(
    message: RequestMessage | NotificationMessage,
    profile: Profile,
    { ambient, parentage, version, conversation }: Circumstances,
  ): { readonly span: Span | undefined; readonly owned: boolean } {
    const { scope } = this.#connection;
    if (isChatty(message.method) && !scope.settings.progressSpans) return { span: undefined, owned: false };
    try {
      const attributes = this.#connection.spanAttributes(profile, version);
      const name = describeMessage(attributes, profile, message, scope.settings);
      if (this.#connection.hasCaller) Object.assign(attributes, callerOf(ambient));
      if (conversation !== undefined) attributes[ATTR_GEN_AI_CONVERSATION_ID] = conversation;
      const foreign = foreignSpan(ambient, profile);
      if (foreign !== undefined) return { span: foreign.setAttributes(attributes), owned: false };
      const links = this.#links(message, parentage.links);
      const span = scope.shared.emitter.tracer.startSpan(
        name,
        links === undefined ? { kind: profile.spanKind, attributes } : { kind: profile.spanKind, attributes, links },
        parentage.context,
      );
      contentOf(scope.settings.capture, span, message.method, message, profile.target);
      return { span, owned: true };
    } catch {
      // If the tracer fails, only the span is lost, not the metric.
      return { span: undefined, owned: false };
    }
  }

  #links(message: RequestMessage | NotificationMessage, displaced: Link[] | undefined): Link[] | undefined {
    const continued = this.#connection.scope.shared.continuations.linkOf('received', message);
    return continued === undefined ? displaced : [...(displaced ?? []), continued];
  }

  #conversation(
    { method, params }: RequestMessage | NotificationMessage,
    extra: MessageExtra | undefined,
    active: Context,
  ): string | undefined {
    const find = this.#connection.scope.settings.findConversation;
    if (find === undefined) return undefined;
    try {
      const { sessionId } = this.#connection.transport;
      return find(
        { method, meta: metaOf(params), sessionId: typeof sessionId === 'string' ? sessionId : headerOf(extra, 'mcp-session-id'), extra },
        active,
      );
    } catch {
      return undefined;
    }
  }

  /** Returns the operation that a response answers. If an id was ever used twice, the handler's own context takes precedence. */
  #find(id: RequestId): Operation | undefined {
    const { received } = this.#connection;
    if (received.hadDuplicates) {
      const current = context.active().getValue(OPERATION_KEY);
      if (current instanceof Operation && current.parts.id === id && received.has(current)) return current;
    }
    return received.get(id);
  }
}

/** Reads it with care, since in memory the sender's own object arrives. */
function traceparentIn(meta: Record<string, unknown> | undefined): string | undefined {
  try {
    return stringProperty(meta, 'traceparent');
  } catch {
    return undefined;
  }
}
