import type { TlsMaterial } from '../../values/tlsMaterial.js';
import type { OtlpProtocol } from './signals.js';

/** An OTLP receiver and how to reach it. Holds secrets (headers, key): never print it. */
export interface OtlpTarget {
  readonly protocol: OtlpProtocol;
  /**
   * With HTTP, the whole URL, path included. With gRPC, `http://host:port` (plain text), `https://host:port` or `unix:/path`.
   * May hold a user name and password.
   */
  readonly url: string;
  /** The configured headers, in addition to those the protocol needs. */
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'gzip' | 'none';
  /** Time limit for one export, retries included, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * What a new connection is secured with: it reads the files again, since certificates that live for hours are replaced while the process
   * runs. When absent, the system's certificate authorities are trusted and no client certificate is presented.
   */
  readonly tls?: () => TlsMaterial;
}

/** The specification's defaults. */
export const DEFAULT_OTLP_TIMEOUT_MS = 10_000;
export const DEFAULT_GRPC_URL = 'http://localhost:4317';
/** The longest delay that Node's timers support. */
export const MAX_TIMER_MS = 2_147_483_647;

const PATHS = { traces: 'v1/traces', metrics: 'v1/metrics', logs: 'v1/logs' } as const;

/**
 * Appends the signal's path, such as `/v1/traces`, to a base address; trailing slashes of the base do not matter, and its query
 * is kept.
 */
export function withSignalPath(base: URL, signal: keyof typeof PATHS): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${PATHS[signal]}`;
  return url.href;
}

export function defaultHttpUrl(signal: keyof typeof PATHS): string {
  return `http://localhost:4318/${PATHS[signal]}`;
}

/** Returns `undefined` unless the text is an `http:` or `https:` URL. */
export function httpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

/**
 * Returns a gRPC address in the form that `OtlpTarget` expects; `undefined` when the text is not one.
 *
 * @param insecure whether an address without a scheme means plain text rather than TLS
 */
export function grpcUrl(text: string, insecure: boolean): string | undefined {
  if (text.startsWith('unix:')) return text;
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${insecure ? 'http' : 'https'}://${text}`;
  return httpUrl(withScheme)?.origin;
}
