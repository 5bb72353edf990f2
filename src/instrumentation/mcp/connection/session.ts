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

/** What is known of a connection when it ends. */
export interface SessionFacts {
  readonly network: Network;
  readonly protocolVersion: string | undefined;
  /** On clients only. */
  readonly server: ServerAddress | undefined;
}

/**
 * The life of one session: from its first message to the end of its connection. Not every connection is one: HTTP without
 * a session id serves each request by itself, and its "sessions" would only count requests a second time.
 */
export class Session {
  readonly #clock: Clock;
  readonly #record: RecordPoint;
  #startMs: number | undefined;
  /** The last error of the transport since a message came through; a session that ends right after it ended in error. */
  #trouble: unknown;
  #troubled = false;
  #ended = false;

  constructor(clock: Clock, record: RecordPoint) {
    this.#clock = clock;
    this.#record = record;
  }

  /** A message passed, in either direction. */
  alive(): void {
    if (this.#startMs === undefined) this.#startMs = this.#clock.monotonicMs();
    else if (this.#troubled) {
      this.#troubled = false;
      this.#trouble = undefined;
    }
  }

  /** The same transport is connected again: another session, once a message passes. */
  reopen(): void {
    if (!this.#ended) return;
    this.#ended = false;
    this.#startMs = undefined;
    this.#troubled = false;
    this.#trouble = undefined;
  }

  failed(error: unknown): void {
    this.#trouble = error;
    this.#troubled = true;
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
    if (this.#troubled) attributes[ATTR_ERROR_TYPE] = errorType(this.#trouble);
    this.#record((this.#clock.monotonicMs() - this.#startMs) / 1000, attributes);
  }
}
