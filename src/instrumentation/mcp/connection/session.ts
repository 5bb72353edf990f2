import type { Attributes } from '@opentelemetry/api';
import { errorType } from '../../../telemetry/errorType.js';
import type { RecordPoint } from '../../../telemetry/instruments.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_NETWORK_TRANSPORT,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import type { Network, ServerAddress } from '../message/network.js';

/** What is known about a connection when it ends. */
export interface SessionFacts {
  readonly network: Network;
  readonly protocolVersion: string | undefined;
  /** Set on clients only. */
  readonly server: ServerAddress | undefined;
}

/**
 * The lifetime of one session, from its first message to the end of its connection. Not every connection is a session: HTTP without
 * a session id serves each request separately, and its "sessions" would only count requests a second time.
 */
export class Session {
  readonly #clock: Clock;
  readonly #record: RecordPoint;
  #startMs: number | undefined;
  /** The transport's last error since a message came through; a session that ends right after it ended with an error. */
  #lastError: unknown;
  #hasError = false;
  #ended = false;

  constructor(clock: Clock, record: RecordPoint) {
    this.#clock = clock;
    this.#record = record;
  }

  /** Must be called when a message passes, in either direction. */
  alive(): void {
    if (this.#startMs === undefined) this.#startMs = this.#clock.monotonicMs();
    else if (this.#hasError) {
      this.#hasError = false;
      this.#lastError = undefined;
    }
  }

  /** Must be called when the same transport is connected again: another session begins once a message passes. */
  reopen(): void {
    if (!this.#ended) return;
    this.#ended = false;
    this.#startMs = undefined;
    this.#hasError = false;
    this.#lastError = undefined;
  }

  failed(error: unknown): void {
    this.#lastError = error;
    this.#hasError = true;
  }

  end({ network, protocolVersion, server }: SessionFacts): void {
    if (this.#ended || this.#startMs === undefined) return;
    this.#ended = true;
    const attributes: Attributes = {};
    if (network.transport !== undefined) attributes[ATTR_NETWORK_TRANSPORT] = network.transport;
    if (network.protocolName !== undefined) attributes[ATTR_NETWORK_PROTOCOL_NAME] = network.protocolName;
    if (network.protocolVersion !== undefined) attributes[ATTR_NETWORK_PROTOCOL_VERSION] = network.protocolVersion;
    if (protocolVersion !== undefined) attributes[ATTR_MCP_PROTOCOL_VERSION] = protocolVersion;
    if (server !== undefined) {
      attributes[ATTR_SERVER_ADDRESS] = server.address;
      attributes[ATTR_SERVER_PORT] = server.port;
    }
    if (this.#hasError) attributes[ATTR_ERROR_TYPE] = errorType(this.#lastError);
    this.#record((this.#clock.monotonicMs() - this.#startMs) / 1000, attributes);
  }
}
