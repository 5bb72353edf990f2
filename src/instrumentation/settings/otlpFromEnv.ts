import { textOf } from '../../variables/reader.js';
import type { EnvironmentSource, OtlpReader } from './otelReader.js';
import { ownName } from './otelVariables.js';
import { DEFAULT_GRPC_URL, defaultHttpUrl, grpcUrl, httpUrl, withSignalPath } from './otlpTarget.js';
import type { OtlpTarget } from './otlpTarget.js';
import type { OtlpProtocol, Signal } from './signals.js';
import { tlsMaterial } from './tlsMaterial.js';
import type { NamedFile } from './tlsMaterial.js';

/**
 * Returns the receiver that OTEL_EXPORTER_OTLP_* specify for one signal.
 *
 * The SDK's own parsing is not used: it reads the process's environment whatever else was decided (a configuration file would
 * get the environment's headers), and it reports unusable values only to a logger that is not installed yet.
 */
export function otlpFromEnv(source: EnvironmentSource, read: OtlpReader, signal: Signal, protocol: OtlpProtocol): OtlpTarget {
  const { env, readFile, notify } = source;
  const file = (general: `OTEL_EXPORTER_OTLP_${'CERTIFICATE' | 'CLIENT_CERTIFICATE' | 'CLIENT_KEY'}`): NamedFile | undefined => {
    const own = ownName(signal, general);
    const path = read.value(general);
    return path === undefined ? undefined : { setting: textOf(env, own) === undefined ? general : own, path };
  };
  const tls = tlsMaterial(
    {
      ca: file('OTEL_EXPORTER_OTLP_CERTIFICATE'),
      cert: file('OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE'),
      key: file('OTEL_EXPORTER_OTLP_CLIENT_KEY'),
    },
    readFile,
    notify,
  );
  return {
    protocol,
    url: endpoint(source, read, signal, protocol),
    headers: { ...read.general.given('OTEL_EXPORTER_OTLP_HEADERS'), ...read.own.given('OTEL_EXPORTER_OTLP_HEADERS') },
    compression: read.value('OTEL_EXPORTER_OTLP_COMPRESSION'),
    timeoutMs: read.value('OTEL_EXPORTER_OTLP_TIMEOUT'),
    ...(tls === undefined ? {} : { tls }),
  };
}

/** The signal's own address is used unchanged; over HTTP, the signal's path is appended to the general one. */
function endpoint(source: EnvironmentSource, read: OtlpReader, signal: Signal, protocol: OtlpProtocol): string {
  const general = 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const isGrpc = protocol === 'grpc';
  const isInsecure = isGrpc && read.value('OTEL_EXPORTER_OTLP_INSECURE');
  const usable = <Url>(key: string, parse: (text: string) => Url | undefined): Url | undefined => {
    const text = textOf(source.env, key);
    const found = text === undefined ? undefined : parse(text);
    if (text !== undefined && found === undefined)
      source.notify(`${key}: the value must be ${isGrpc ? 'a gRPC address' : 'an http:// or https:// URL'}. It is ignored.`);
    return found;
  };
  const own = usable(ownName(signal, general), (text) => (isGrpc ? grpcUrl(text, isInsecure) : httpUrl(text)?.href));
  if (own !== undefined) return own;
  if (isGrpc) return usable(general, (text) => grpcUrl(text, isInsecure)) ?? DEFAULT_GRPC_URL;
  const base = usable(general, httpUrl);
  return base === undefined ? defaultHttpUrl(signal) : withSignalPath(base, signal);
}
