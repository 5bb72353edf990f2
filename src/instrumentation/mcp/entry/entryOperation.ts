import type { Attributes, Context } from '@opentelemetry/api';
import { callerOf } from '../connection/foreignSpan.js';
import { Operation } from '../emission/operation.js';
import { knownProtocolVersion } from '../message/knownValues.js';
import type { Network } from '../message/network.js';
import { profileOf } from '../profiles/profileOf.js';
import { describeMessage } from '../profiles/spanAttributes.js';
import { resolveParent } from '../propagation/parentContext.js';
import type { Scope } from '../scope/scope.js';
import { isRequestId, metaOf, stringProperty } from '../shapes.js';
import type { JsonRpcMessage, MessageExtra } from '../shapes.js';

/** What is known about a request that an entry (createMcpHandler, serveStdio) may answer by itself. */
export interface EntryRequest {
  readonly message: JsonRpcMessage & { readonly method: string };
  readonly network: Network;
  /** The version claimed outside the message, by an HTTP header. */
  readonly protocolVersion: string | undefined;
  readonly extra: MessageExtra | undefined;
  /** When it arrived, in epoch milliseconds: only the response shows that the entry itself answers it. */
  readonly startTimeMs: number;
  readonly ambient: Context;
}

/**
 * Creates the operation of a request that no server ever saw. Its span starts in the past. Returns `undefined` for methods that are
 * switched off. May throw when telemetry is broken.
 */
export function entryOperation(
  scope: Scope,
  { message, network, protocolVersion, extra, startTimeMs, ambient }: EntryRequest,
): Operation | undefined {
  const { emitter, propagator } = scope.shared;
  const { settings } = scope;
  const meta = metaOf(message.params);
  const claimed = stringProperty(meta, 'io.modelcontextprotocol/protocolVersion') ?? protocolVersion;
  const version = claimed === undefined ? undefined : knownProtocolVersion(claimed);
  const set = scope.profiles.set({ direction: 'received', network, protocolVersion: version, server: undefined });
  const profile = profileOf(set, message.method, message.params, scope.namesOf(undefined));
  if (profile.mode !== 'full') return undefined;
  const parentage = resolveParent(
    propagator,
    ambient,
    meta,
    extra,
    network.transport === 'tcp' ? settings.trust.network : settings.trust.local,
  );
  const attributes: Attributes = { ...profile.spanAttributes };
  Object.assign(attributes, scope.shared.clients.find(message.method, message.params, meta));
  if (network.transport === 'tcp') Object.assign(attributes, callerOf(ambient));
  const name = describeMessage(attributes, profile, message, settings);
  const span = emitter.tracer.startSpan(
    name,
    { kind: profile.spanKind, attributes, startTime: startTimeMs, ...(parentage.links === undefined ? {} : { links: parentage.links }) },
    parentage.context,
  );
  return new Operation({
    id: isRequestId(message.id) ? message.id : undefined,
    method: message.method,
    profile,
    span,
    ownsSpan: true,
    request: undefined,
    clock: emitter.clock,
    record: emitter.operation.received,
    capture: settings.capture,
    waitedMs: Math.max(0, emitter.clock.nowMs() - startTimeMs),
  });
}
