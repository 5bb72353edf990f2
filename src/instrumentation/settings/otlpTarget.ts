import type { OtlpProtocol } from './signals.js';

/** One OTLP receiver and how to talk to it. Holds secrets (headers, key): never print one. */
export interface OtlpTarget {
  readonly protocol: OtlpProtocol;
  /**
   * With HTTP the whole URL, path included. With gRPC `http://host:port` (plain text), `https://host:port` or `unix:/path`.
   * May hold a user name and password.
   */
  readonly url: string;
  /** As given, beside those the protocol needs. */
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'gzip' | 'none';
  /** One export, retries included, milliseconds. */
  readonly timeoutMs: number;
  /** Absent: the system's certificate authorities, and no certificate of our own. */
  readonly tls?: TlsMaterial;
}

/** Contents of PEM files. */
export interface TlsMaterial {
  /** Who may sign the receiver's certificate, in place of the system's authorities. */
  readonly ca?: Buffer;
  /** Our own certificate and its key; both or none. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** The specification's defaults. */
export const DEFAULT_OTLP_TIMEOUT_MS = 10_000;
export const DEFAULT_GRPC_URL = 'http://localhost:4317';
/** Node's timers take no longer time. */
export const MAX_TIMER_MS = 2_147_483_647;

const PATHS = { traces: 'v1/traces', metrics: 'v1/metrics', logs: 'v1/logs' } as const;

/** `/v1/traces` and its like behind a base address; slashes at the end of that do not matter, and its query stays. */
export function withSignalPath(base: URL, signal: keyof typeof PATHS): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${PATHS[signal]}`;
  return url.href;
}

export function defaultHttpUrl(signal: keyof typeof PATHS): string {
  return `http://localhost:4318/${PATHS[signal]}`;
}

/** `undefined` unless the text is an `http:` or `https:` URL. */
export function httpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

/**
 * A gRPC address in the form `OtlpTarget` wants; `undefined` when it is none.
 *
 * @param insecure what an address without a scheme means: plain text, or TLS
 */
export function grpcUrl(text: string, insecure: boolean): string | undefined {
  if (text.startsWith('unix:')) return text;
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${insecure ? 'http' : 'https'}://${text}`;
  return httpUrl(withScheme)?.origin;
}
