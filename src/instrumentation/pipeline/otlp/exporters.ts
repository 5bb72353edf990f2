import { context, diag, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { Clock } from '../../../time/clock.js';
import type { Delivery } from './delivery.js';
import type { LastRequest } from './lastRequest.js';
import type { SdkModules } from '../../sdk/sdkModules.js';
import { MAX_BATCH_BYTES } from '../../settings/batchLimits.js';
import type { OtlpTarget } from '../../settings/otlpTarget.js';
import type { OtlpProtocol, Signal } from '../../settings/signals.js';
import { requestJson } from './encode/requestJson.js';
import { GrpcConnection } from './grpc/connection.js';
import type { Progress } from './progress.js';
import { withSettledResource } from './settledResource.js';
import { OtlpTransport } from './transport.js';

/** Sends what a signal collected: encoded spans or log records, or collected metrics. */
export interface OtlpExporter<T> {
  /** For `status()`; without credentials. */
  readonly endpoint: string;
  /** Never rejects. */
  send(payload: T, progress?: Progress): Promise<Delivery>;
  /** Returns the request that would carry `payload`, without waiting for anything; `undefined` when it cannot be made, as with gRPC. */
  readonly lastRequest: (payload: T) => LastRequest | undefined;
  /** Set while the process waits to end, see `OtlpTransport`. */
  readonly setHurried: (isHurried: boolean) => void;
  readonly close: () => void;
}

export interface OtlpExporterOptions {
  readonly sdk: SdkModules;
  readonly signal: Signal;
  /** The encoding; gRPC carries protobuf. */
  readonly protocol: Exclude<OtlpProtocol, 'grpc'>;
  readonly target: OtlpTarget;
  /** Awaited before the first export: the host id is looked up asynchronously. */
  readonly resource: Resource;
  readonly clock: Clock;
  readonly random: () => number;
  readonly connectTimeoutMs: number;
}

interface Codec {
  deserializeResponse(answer: Uint8Array): { readonly partialSuccess?: Readonly<Record<string, unknown>> };
}

/** What to do about a failure, by its `error.type`. */
const ADVICE: Readonly<Record<string, string>> = {
  // Most of those who read it have no collector yet.
  ECONNREFUSED: '; start a collector there, or set OTEL_EXPORTER_OTLP_ENDPOINT to the address of yours',
  // From Node 25 on, `--permission` concerns the network.
  ERR_ACCESS_DENIED: '; Node does not allow it: start the program with --allow-net as well',
};

const CODECS: Readonly<Record<Signal, string>> = { traces: 'Trace', metrics: 'Metrics', logs: 'Logs' };

/**
 * Creates the exporter that sends one signal to one receiver.
 *
 * @param encode makes the request, as protobuf; where JSON is sent, it is made from that
 * @param halves divides a payload whose request is larger than `MAX_BATCH_BYTES`; `undefined` if it cannot be divided
 */
export function createOtlpExporter<T>(
  options: OtlpExporterOptions,
  encode: (payload: T) => Uint8Array,
  halves: (payload: T) => readonly [T, T] | undefined = () => undefined,
): OtlpExporter<T> {
  const { sdk, signal, protocol, resource, target } = options;
  const isJson = protocol === 'http/json';
  const codecs = sdk.load('@opentelemetry/otlp-transformer') as Record<string, Codec>;
  const codec = codecs[`${isJson ? 'Json' : 'Protobuf'}${CODECS[signal]}Serializer`];
  if (codec === undefined) throw new TypeError(`This OpenTelemetry SDK has no ${protocol} codec for ${signal}.`);
  const headers = { ...target.headers, 'Content-Type': isJson ? 'application/json' : 'application/x-protobuf' };
  const grpc = target.protocol === 'grpc' ? new GrpcConnection(options) : undefined;
  const transport = new OtlpTransport({
    ...options,
    headers,
    ...(grpc === undefined ? {} : { post: (body, timeoutMs) => grpc.post(body, timeoutMs) }),
  });
  const serialize = (payload: T): Uint8Array => (isJson ? requestJson(encode(payload), signal) : encode(payload));
  // The exporter's own requests must not be traced by a host that instruments its HTTP client.
  const untraced = sdk.core.suppressTracing(ROOT_CONTEXT);

  const send = async (payload: T, progress?: Progress): Promise<Delivery> => {
    if (resource.asyncAttributesPending === true) await resource.waitForAsyncAttributes?.();
    const request = encode(payload);
    const parts = request.byteLength > MAX_BATCH_BYTES ? halves(payload) : undefined;
    if (parts !== undefined) return together(await send(parts[0], progress), await send(parts[1], progress));
    const result = await transport.send(isJson ? requestJson(request, signal) : request, progress);
    if (!result.accepted) {
      diag.error(`${signal} not delivered to ${shown(target.url)}: ${result.reason}${ADVICE[result.errorType] ?? ''}`);
      return { delivered: false, errorType: result.errorType };
    }
    return { delivered: true, rejected: rejectedItems(codec, result.body, signal) };
  };
  return {
    endpoint: shown(target.url),
    send: (payload, progress) => context.with(untraced, send, undefined, payload, progress),
    lastRequest: (payload) => {
      return grpc === undefined ? transport.lastRequest(serialize(withSettledResource(payload, resource))) : undefined;
    },
    setHurried: (isHurried) => transport.setHurried(isHurried),
    close: () => {
      transport.close();
      grpc?.close();
    },
  };
}

/** What became of a payload that was sent in two requests. */
function together(first: Delivery, second: Delivery): Delivery {
  if (!first.delivered || !second.delivered) return first.delivered ? second : first;
  return { delivered: true, rejected: (first.rejected ?? 0) + (second.rejected ?? 0) };
}

function rejectedItems(codec: Codec, body: Uint8Array, signal: Signal): number {
  if (body.byteLength === 0) return 0;
  try {
    const partial = codec.deserializeResponse(body).partialSuccess ?? {};
    const rejected = Number(partial['rejectedSpans'] ?? partial['rejectedLogRecords'] ?? partial['rejectedDataPoints'] ?? 0);
    const { errorMessage } = partial;
    // The number is not part of the message, of which there is one a minute: it may be another for each batch.
    if (rejected > 0)
      diag.error(
        `${signal}: the receiver rejected items of a batch`,
        typeof errorMessage === 'string' ? errorMessage : '',
        `(${rejected})`,
      );
    return rejected;
  } catch {
    return 0;
  }
}

/** Removes user name, password and query, which may be keys. */
function shown(url: string): string {
  if (url.startsWith('unix:')) return url;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
