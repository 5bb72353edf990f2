import type { SignalOutcome } from './sendProbe.js';
import { whatSpeaks } from './whatSpeaks.js';

const ANSWER_MS = 2000;

/** What to do where a receiver answered with this status. */
const ADVICE_BY_STATUS: Readonly<Record<string, string>> = {
  '401': 'Give the credentials that the receiver wants with OTEL_EXPORTER_OTLP_HEADERS.',
  '403': 'The receiver does not allow this with the credentials in OTEL_EXPORTER_OTLP_HEADERS: correct them, or its permissions.',
  '404':
    'Nothing takes OTLP at that path. OTEL_EXPORTER_OTLP_ENDPOINT is the base address, to which /v1/traces, /v1/metrics or /v1/logs is appended; a variable of one signal is the whole address. Or the receiver has no pipeline for this signal.',
  '405': 'What listens there is no OTLP receiver: correct OTEL_EXPORTER_OTLP_ENDPOINT.',
  '413': 'The receiver takes only smaller requests: raise its limit.',
  '415': 'The receiver takes another encoding: set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf or http/json.',
  '429': 'The receiver is over its limit: raise it, or send less (OTEL_TRACES_SAMPLER).',
  '503': 'The receiver is overloaded or cannot pass on what it gets: look at its own log.',
};

const ADVICE_BY_CODE: Readonly<Record<string, string>> = {
  not_otlp:
    'Something else than a collector answers there, such as a web site or the sign-in page of a proxy: correct OTEL_EXPORTER_OTLP_ENDPOINT, or let the proxy pass.',
  ECONNREFUSED:
    'Nothing listens there: start the collector, or say where it is with OTEL_EXPORTER_OTLP_ENDPOINT. Where there is none, OTEL_SDK_DISABLED=true sends nothing.',
  ENOTFOUND: 'The host name does not resolve: correct OTEL_EXPORTER_OTLP_ENDPOINT.',
  EAI_AGAIN: 'The host name cannot be resolved at the moment: look at the name server of this machine.',
  EHOSTUNREACH: 'No route leads there: look at the network, or correct OTEL_EXPORTER_OTLP_ENDPOINT.',
};

const OTHERWISE = 'Look at the log of the collector, and whether a proxy or firewall is between here and there.';

/** Returns what to do about telemetry that was not delivered. May ask the receiver what it speaks. */
export async function endpointAdvice({ failure = '', endpoint = '', protocol, receiverSays }: SignalOutcome): Promise<string> {
  if (failure === 'rejected')
    return `The receiver took the request and rejected what was in it${receiverSays === undefined ? '' : ` (it says: ${receiverSays})`}: look at its limits and its log.`;
  const advice = ADVICE_BY_STATUS[failure] ?? ADVICE_BY_CODE[failure];
  if (advice !== undefined) return advice;
  if (!URL.canParse(endpoint)) return OTHERWISE;
  const { hostname, port, protocol: scheme } = new URL(endpoint);
  const isTls = scheme === 'https:';
  const host = hostname.replace(/^\[(.+)\]$/, '$1');
  const spoken = await whatSpeaks(host, Number(port === '' ? (isTls ? 443 : 80) : port), ANSWER_MS);
  if (spoken === 'http2' && protocol !== 'grpc')
    return 'That port speaks gRPC: use the one for OTLP over HTTP (usually 4318), or set OTEL_EXPORTER_OTLP_PROTOCOL=grpc.';
  if (spoken === 'http1' && protocol === 'grpc')
    return 'That port speaks HTTP and not gRPC: use the one for gRPC (usually 4317), or set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf.';
  if (spoken === 'tls' && !isTls) return 'That port wants TLS: begin the address in OTEL_EXPORTER_OTLP_ENDPOINT with https://.';
  if ((spoken === 'http1' || spoken === 'http2') && isTls)
    return 'That port speaks no TLS: begin the address in OTEL_EXPORTER_OTLP_ENDPOINT with http://.';
  if (spoken === 'tls')
    return 'Its certificate is not trusted: name the certificate of its authority with OTEL_EXPORTER_OTLP_CERTIFICATE, or correct the host name.';
  return OTHERWISE;
}
