import { context, diag, ROOT_CONTEXT } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { Clock } from '../../time/clock.js';
import type { Delivery } from '../batcher.js';
import type { SdkModules } from '../sdkModules.js';
import type { OtlpProtocol, Signal } from '../settings/signals.js';
import { OtlpTransport } from './transport.js';
import type { OtlpEndpoint } from './transport.js';

/** Sends what a signal collected, `T` being what its OTLP codec takes: spans, log records or collected metrics. */
export interface OtlpExporter<T> {
  /** For `status()`; without credentials. */
  readonly endpoint: string;
  /** Never rejects. */
  send(payload: T): Promise<Delivery>;
  /** While the process waits to end, see `OtlpTransport`. */
  readonly setHurried: (isHurried: boolean) => void;
  readonly close: () => void;
}

export interface OtlpExporterOptions {
  readonly sdk: SdkModules;
  readonly signal: Signal;
  readonly protocol: OtlpProtocol;
  /** Waited for before the first export: the host's id comes asynchronously. */
  readonly resource: Resource;
  readonly clock: Clock;
  readonly random: () => number;
  readonly connectTimeoutMs: number;
}

interface Codec<T> {
  serializeRequest(payload: T): Uint8Array | undefined;
  deserializeResponse(answer: Uint8Array): { readonly partialSuccess?: Readonly<Record<string, unknown>> };
}

interface NodeHttp {
  convertLegacyHttpOptions(config: object, signal: string, path: string, headers: Record<string, string>): OtlpEndpoint;
}

interface SdkExporter<T> {
  export(payload: T, done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
}

const NAMES = {
  traces: { codec: 'Trace', path: 'v1/traces', grpc: 'OTLPTraceExporter', package: 'trace' },
  metrics: { codec: 'Metrics', path: 'v1/metrics', grpc: 'OTLPMetricExporter', package: 'metrics' },
  logs: { codec: 'Logs', path: 'v1/logs', grpc: 'OTLPLogExporter', package: 'logs' },
} as const;

/**
 * The exporter OTEL_EXPORTER_OTLP_* describe for one signal.
 *
 * @param encode makes the request in place of the SDK's codec; not used with gRPC
 */
export function createOtlpExporter<T>(options: OtlpExporterOptions, encode?: (payload: T) => Uint8Array): OtlpExporter<T> {
  return options.protocol === 'grpc' ? createGrpcExporter(options) : createHttpExporter(options, encode);
}

function createHttpExporter<T>(options: OtlpExporterOptions, encode?: (payload: T) => Uint8Array): OtlpExporter<T> {
  const { sdk, signal, protocol, resource } = options;
  const { codec: codecName, path } = NAMES[signal];
  const isJson = protocol === 'http/json';
  const codecs = sdk.load('@opentelemetry/otlp-transformer') as Record<string, Codec<T>>;
  const codec = codecs[`${isJson ? 'Json' : 'Protobuf'}${codecName}Serializer`];
  if (codec === undefined) throw new TypeError(`This OpenTelemetry SDK has no ${protocol} codec for ${signal}.`);
  const { convertLegacyHttpOptions } = sdk.load('@opentelemetry/otlp-exporter-base/node-http') as NodeHttp;
  const endpoint = convertLegacyHttpOptions({}, signal.toUpperCase(), path, { 'Content-Type': isJson ? 'application/json' : 'application/x-protobuf' });
  const transport = new OtlpTransport({ ...options, endpoint });
  // Requests of the exporter itself must not be traced by a host that instruments its HTTP client.
  const untraced = sdk.core.suppressTracing(ROOT_CONTEXT);

  const send = async (payload: T): Promise<Delivery> => {
    if (resource.asyncAttributesPending === true) await resource.waitForAsyncAttributes?.();
    const encoded = encode === undefined ? codec.serializeRequest(payload) : encode(payload);
    if (encoded === undefined) return { delivered: false };
    const result = await transport.send(encoded);
    if (!result.accepted) {
      diag.error(`${signal} not delivered to ${shown(endpoint.url)}: ${result.reason}`);
      return { delivered: false };
    }
    return { delivered: true, rejected: rejectedItems(codec, result.body, signal) };
  };
  return {
    endpoint: shown(endpoint.url),
    send: (payload) => context.with(untraced, send, undefined, payload),
    setHurried: (isHurried) => transport.setHurried(isHurried),
    close: () => transport.close(),
  };
}

/** gRPC through sdk-node's own exporter; unlike ours its calls may hold a process until their timeout. */
function createGrpcExporter<T>({ sdk, signal }: OtlpExporterOptions): OtlpExporter<T> {
  const names = NAMES[signal];
  const loaded = sdk.load(`@opentelemetry/exporter-${names.package}-otlp-grpc`) as Record<string, (new () => SdkExporter<T>) | undefined>;
  const Exporter = loaded[names.grpc];
  if (Exporter === undefined) throw new TypeError(`This OpenTelemetry SDK has no gRPC exporter for ${signal}.`);
  const exporter = new Exporter();
  const untraced = sdk.core.suppressTracing(ROOT_CONTEXT);
  return {
    endpoint: 'grpc',
    send: (payload) =>
      new Promise((resolve) => {
        context.with(untraced, () => exporter.export(payload, ({ code }) => resolve({ delivered: code === sdk.core.ExportResultCode.SUCCESS })));
      }),
    setHurried: () => {},
    close: () => void exporter.shutdown().catch(() => undefined),
  };
}

function rejectedItems<T>(codec: Codec<T>, body: Uint8Array, signal: Signal): number {
  if (body.byteLength === 0) return 0;
  try {
    const partial = codec.deserializeResponse(body).partialSuccess ?? {};
    const rejected = Number(partial['rejectedSpans'] ?? partial['rejectedLogRecords'] ?? partial['rejectedDataPoints'] ?? 0);
    const { errorMessage } = partial;
    if (rejected > 0) diag.error(`${signal}: the receiver refused ${rejected} items of a batch`, typeof errorMessage === 'string' ? errorMessage : '');
    return rejected;
  } catch {
    return 0;
  }
}

function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
