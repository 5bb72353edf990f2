import { context, trace } from '@opentelemetry/api';
import type { Context, Link, Span } from '@opentelemetry/api';
import { OPERATION_KEY, Operation } from '../emission/operation.js';
import { CANCELLED, SUCCEEDED, TIMED_OUT, outcomeOfResponse } from '../message/outcome.js';
import type { Profile } from '../profiles/profile.js';
import { profileOf } from '../profiles/profileOf.js';
import { contentOf, describeMessage } from '../profiles/spanAttributes.js';
import { isChatty } from '../options.js';
import { withTraceContext } from '../propagation/inject.js';
import { isRecord } from '../../../values/guards.js';
import { isRequestId, metaOf, stringProperty } from '../shapes.js';
import type { NotificationMessage, RequestMessage, ResponseMessage } from '../shapes.js';
import type { Departure } from './begun.js';
import type { Connection } from './connection.js';
import { foreignSpan } from './foreignSpan.js';
import { learnFromAnswer } from './learning.js';
import { messageOfRejection, outcomeOfSendFailure } from './sendFailure.js';

const SUBSCRIPTION_META_KEY = 'io.modelcontextprotocol/subscriptionId';

/**
 * Handles the messages sent on a connection, and the responses to them: a client's calls, and a server's requests to its
 * client. Their spans are CLIENT spans, whichever side sends them.
 */
export class Sent {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Starts the operation of a message and injects its trace context; returns `undefined` when the message must not be touched. */
  begin(message: RequestMessage | NotificationMessage, options: unknown): Departure | undefined {
    const connection = this.#connection;
    const { scope } = connection;
    const { method, params } = message;
    const version = connection.versionOf(metaOf(params), undefined);
    const profile = profileOf(connection.profiles('sent', version, undefined), method, params, connection.names);
    if (profile.mode === 'off') return undefined;
    const ambient = context.active();
    if (profile.mode === 'propagation-only') return plain(this.#injected(ambient, message));
    const { span, owned } = this.#span(message, profile, ambient, version);
    const active = span === undefined || !owned ? ambient : trace.setSpan(ambient, span);
    const operation = new Operation({
      id: isRequestId(message.id) ? message.id : undefined,
      method,
      profile,
      span,
      ownsSpan: owned,
      request: undefined,
      clock: scope.shared.emitter.clock,
      record: scope.shared.emitter.operation.sent,
      capture: scope.settings.capture,
    });
    connection.sent.add(operation);
    if (operation.parts.id !== undefined) this.#await(operation, options);
    return {
      message: this.#injected(active, message),
      context: active === ambient ? undefined : active,
      done: () => {
        if (operation.parts.id === undefined) operation.end(SUCCEEDED);
      },
      failed: (error) => {
        const message = operation.parts.capture === undefined ? undefined : messageOfRejection(error);
        connection.sent.end(operation, { ...outcomeOfSendFailure(error), ...(message === undefined ? {} : { message }) });
      },
    };
  }

  /** Ends the operation that a response answers, before the SDK passes the result to the caller. */
  answered(message: ResponseMessage): void {
    const connection = this.#connection;
    // The SDKs compare ids as numbers: a peer may answer request 5 with id "5".
    const operation = connection.sent.get(message.id) ?? connection.sent.get(Number(message.id));
    if (operation === undefined) return;
    const { method, span, profile } = operation.parts;
    let outcome = SUCCEEDED;
    try {
      outcome = outcomeOfResponse(method, message, 'sent');
      learnFromAnswer(connection, 'sent', operation, message);
      contentOf(connection.scope.settings.capture, span, method, message, profile.target);
    } catch {
      // A response that cannot be read still counts as one.
    }
    connection.sent.end(operation, outcome);
  }

  /** Ends the request that an outgoing `notifications/cancelled` abandons: on a timeout, or because the caller no longer wants it. */
  abandoned(params: unknown): void {
    const id = isRecord(params) ? params['requestId'] : undefined;
    const operation = isRequestId(id) ? this.#connection.sent.get(id) : undefined;
    if (operation === undefined) return;
    const reason = stringProperty(params, 'reason');
    const timedOut = reason === undefined ? operation.isOverdue : /timed out|^TimeoutError|total timeout/u.test(reason);
    this.#connection.sent.end(operation, timedOut ? TIMED_OUT : CANCELLED);
  }

  /** Whether any request has no response yet. */
  get isWaiting(): boolean {
    return this.#connection.sent.size > 0;
  }

  /** Ends requests on incoming notifications: an acknowledgement answers a listen, and progress may exhaust SDK v1's total timeout. */
  notified({ method, params }: NotificationMessage): void {
    const { sent, protocol } = this.#connection;
    if (method === 'notifications/subscriptions/acknowledged') {
      const id = metaOf(params)?.[SUBSCRIPTION_META_KEY];
      const operation = isRequestId(id) ? sent.get(id) : undefined;
      if (operation !== undefined) sent.end(operation, SUCCEEDED);
    } else if (method === 'notifications/progress') {
      const token = isRecord(params) ? params['progressToken'] : undefined;
      const waiting = isRecord(protocol) ? protocol['_responseHandlers'] : undefined;
      const operation = isRequestId(token) ? sent.get(token) : undefined;
      if (operation !== undefined && waiting instanceof Map && !waiting.has(token)) sent.end(operation, TIMED_OUT);
    }
  }

  #await(operation: Operation, options: unknown): void {
    const { sent, protocol } = this.#connection;
    const timers = protocol?._timeoutInfo;
    const timer: unknown = timers instanceof Map ? timers.get(operation.parts.id) : undefined;
    const timeout = isRecord(timer) ? timer['timeout'] : undefined;
    if (typeof timeout === 'number') operation.timeoutMs = timeout;
    // On HTTP of 2026-07-28, abandoning a request closes its stream, without a message.
    const signal = isRecord(options) ? options['requestSignal'] : undefined;
    if (signal instanceof AbortSignal) {
      signal.addEventListener(
        'abort',
        () => {
          sent.end(operation, operation.isOverdue ? TIMED_OUT : CANCELLED);
        },
        { once: true },
      );
    }
  }

  #injected<Message extends RequestMessage | NotificationMessage>(active: Context, message: Message): Message {
    try {
      const handled = active.getValue(OPERATION_KEY);
      const received = handled instanceof Operation ? handled.parts.traceparent : undefined;
      return withTraceContext(this.#connection.scope.shared.propagator, active, message, received);
    } catch {
      return message;
    }
  }

  #span(
    message: RequestMessage | NotificationMessage,
    profile: Profile,
    ambient: Context,
    version: string | undefined,
  ): { readonly span: Span | undefined; readonly owned: boolean } {
    const { scope } = this.#connection;
    if (isChatty(message.method) && !scope.settings.progressSpans) return { span: undefined, owned: false };
    try {
      const attributes = this.#connection.spanAttributes(profile, version);
      const name = describeMessage(attributes, profile, message, scope.settings);
      const foreign = foreignSpan(ambient, profile);
      if (foreign !== undefined) return { span: foreign.setAttributes(attributes), owned: false };
      const link: Link | undefined = scope.shared.continuations.linkOf('sent', message);
      const span = scope.shared.emitter.tracer.startSpan(
        name,
        link === undefined ? { kind: profile.spanKind, attributes } : { kind: profile.spanKind, attributes, links: [link] },
        ambient,
      );
      contentOf(scope.settings.capture, span, message.method, message, profile.target);
      return { span, owned: true };
    } catch {
      return { span: undefined, owned: false };
    }
  }
}

function plain(message: RequestMessage | NotificationMessage): Departure {
  return { message, context: undefined, done: () => undefined, failed: () => undefined };
}
