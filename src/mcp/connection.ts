import { SpanKind, context, trace } from '@opentelemetry/api';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import type { RecordPoint } from '../telemetry/instruments.js';
import type { Clock } from '../time/clock.js';
import { watchHandler } from './handlerHook.js';
import { knownProtocolVersion } from './knownValues.js';
import { networkOfMessage } from './network.js';
import type { Network } from './network.js';
import { OPERATION_KEY, Operation } from './operation.js';
import { ABANDONED, CANCELLED, CONNECTION_CLOSED, outcomeOfResponse } from './outcome.js';
import type { Outcome } from './outcome.js';
import { resolveParent } from './parentContext.js';
import type { Extractor, Parentage } from './parentContext.js';
import { describeRequest } from './request.js';
import type { RequestDescription } from './request.js';
import { headerOf, isFunction, isRecord, isRequest, isRequestId, isResponse, stringProperty } from './shapes.js';
import type { JsonRpcMessage, MessageExtra, ProtocolLike, RequestId, RequestMessage, TransportLike } from './shapes.js';
import type { TargetNames } from './targetNames.js';

const VERSION_META_KEY = 'io.modelcontextprotocol/protocolVersion';
const VERSION_HEADER = 'mcp-protocol-version';

/** Requests open at once on one connection before the oldest is given up; only handlers that never answer get here. */
const MAX_OPEN_OPERATIONS = 10_000;

export interface ConnectionDependencies {
  readonly tracer: Tracer;
  readonly propagation: Extractor;
  readonly clock: Clock;
  readonly recordDuration: RecordPoint;
}

export interface ConnectionParts {
  readonly protocol: ProtocolLike;
  readonly transport: TransportLike;
  readonly names: TargetNames;
  readonly network: Network;
}

/**
 * One server on one transport: turns its messages into operations.
 *
 * Order of events: `begin` when a request arrives, then `answering` when its response is handed to the transport, then
 * the operation's end when the transport took it. `cancel` and `close` end what has no answer. Methods may throw when
 * telemetry is broken; the transport hook absorbs that.
 */
export class Connection {
  readonly #dependencies: ConnectionDependencies;
  readonly #parts: ConnectionParts;
  /** Keyed by request id; a second open request with the same id has a symbol, so that neither ends the other. */
  readonly #open = new Map<RequestId | symbol, Operation>();
  #negotiatedVersion: string | undefined;

  constructor(dependencies: ConnectionDependencies, parts: ConnectionParts) {
    this.#dependencies = dependencies;
    this.#parts = parts;
  }

  /** Starts the operation of an incoming request; answers the context in which the request must be dispatched. */
  begin(message: unknown, extra: MessageExtra | undefined): { readonly operation: Operation; readonly context: Context } | undefined {
    if (!isRequest(message)) return undefined;
    const { names, protocol, transport, network } = this.#parts;
    const description = describeRequest(message, {
      names,
      network: networkOfMessage(network, extra),
      protocolVersion: this.#protocolVersion(message, extra),
      sessionId: transport.sessionId,
    });
    const { parentage, span } = this.#startSpan(message, extra, description);
    const operation = new Operation({
      id: message.id,
      method: message.method,
      span,
      metricAttributes: description.metricAttributes,
      signal: extra?.request?.signal,
      clock: this.#dependencies.clock,
      record: this.#dependencies.recordDuration,
    });
    this.#remember(operation);
    watchHandler(protocol, names, message.method, message.method === 'tools/call' ? stringProperty(message.params, 'name') : undefined);
    const parent = span === undefined ? parentage.context : trace.setSpan(parentage.context, span);
    return { operation, context: parent.setValue(OPERATION_KEY, operation) };
  }

  /** Notes the answer of a request on its way out; the operation returned must be ended when the transport has sent it. */
  answering(message: unknown): Operation | undefined {
    if (!isResponse(message)) return undefined;
    const operation = this.#find(message.id);
    if (operation === undefined) return undefined;
    this.#learn(operation, message);
    operation.answer = outcomeOfResponse(operation.method, message);
    return operation;
  }

  /** Ends an operation whose answer was sent, or could not be. */
  answered(operation: Operation, failed: boolean): void {
    this.#end(operation, failed ? CONNECTION_CLOSED : (operation.answer ?? {}));
  }

  /** Ends what an incoming `notifications/cancelled` names: the SDKs send no answer to a cancelled request. */
  cancel(message: unknown): void {
    if (!isRecord(message) || message['method'] !== 'notifications/cancelled' || !isRecord(message['params'])) return;
    const id = message['params']['requestId'];
    const operation = isRequestId(id) ? this.#open.get(id) : undefined;
    if (operation !== undefined && operation.answer === undefined) this.#end(operation, CANCELLED);
  }

  /** Ends everything still open. */
  close(): void {
    for (const operation of this.#open.values()) operation.end(operation.answer ?? (operation.aborted ? CANCELLED : CONNECTION_CLOSED));
    this.#open.clear();
  }

  /**
   * To be called when a request was handed to the SDK. Ends the operation if the SDK did not take the request: it drops
   * malformed ones without an answer, and their spans would stay open until the connection closes.
   */
  dispatched(operation: Operation): void {
    const taken = this.#parts.protocol._requestHandlerAbortControllers;
    if (taken instanceof Map && !taken.has(operation.id) && operation.answer === undefined) this.#end(operation, ABANDONED);
  }

  /** Ends an operation that will never be answered, because dispatching its request threw. */
  abandon(operation: Operation): void {
    this.#end(operation, ABANDONED);
  }

  #startSpan(message: RequestMessage, extra: MessageExtra | undefined, description: RequestDescription): { parentage: Parentage; span: Span | undefined } {
    let parentage: Parentage = { context: context.active(), links: [] };
    try {
      parentage = resolveParent(this.#dependencies.propagation, message.params, extra);
      const span = this.#dependencies.tracer.startSpan(
        description.spanName,
        { kind: SpanKind.SERVER, attributes: description.spanAttributes, links: parentage.links },
        parentage.context,
      );
      return { parentage, span };
    } catch {
      // A broken tracer or propagator costs the span, not the metric.
      return { parentage, span: undefined };
    }
  }

  /** The version of this message: as it claims itself, else as its HTTP request says, else as negotiated. */
  #protocolVersion(message: JsonRpcMessage, extra: MessageExtra | undefined): string | undefined {
    const meta = isRecord(message.params) ? message.params['_meta'] : undefined;
    const claimed = stringProperty(meta, VERSION_META_KEY) ?? headerOf(extra, VERSION_HEADER);
    if (claimed !== undefined) return knownProtocolVersion(claimed);
    const { protocol } = this.#parts;
    const negotiated: unknown = isFunction(protocol.getNegotiatedProtocolVersion) ? protocol.getNegotiatedProtocolVersion() : undefined;
    return typeof negotiated === 'string' ? knownProtocolVersion(negotiated) : this.#negotiatedVersion;
  }

  #remember(operation: Operation): void {
    if (this.#open.size >= MAX_OPEN_OPERATIONS) {
      const [oldest] = this.#open.values();
      if (oldest !== undefined) this.#end(oldest, ABANDONED);
    }
    if (this.#open.has(operation.id)) operation.key = Symbol('duplicate id');
    this.#open.set(operation.key, operation);
  }

  /** The operation a response answers. The handler's own context knows best; by id alone duplicates could be mixed up. */
  #find(id: RequestId): Operation | undefined {
    const current = context.active().getValue(OPERATION_KEY);
    const isOurs = current instanceof Operation && current.id === id && this.#open.get(current.key) === current;
    return isOurs ? current : this.#open.get(id);
  }

  #end(operation: Operation, outcome: Outcome): void {
    this.#open.delete(operation.key);
    operation.end(outcome);
  }

  #learn(operation: Operation, response: JsonRpcMessage): void {
    const { names } = this.#parts;
    if (operation.method === 'tools/list') names.learn('tool', response.result);
    else if (operation.method === 'prompts/list') names.learn('prompt', response.result);
    else if (operation.method === 'initialize') {
      const version = stringProperty(response.result, 'protocolVersion');
      if (version === undefined) return;
      this.#negotiatedVersion = knownProtocolVersion(version);
      operation.setProtocolVersion(this.#negotiatedVersion);
    }
  }
}
