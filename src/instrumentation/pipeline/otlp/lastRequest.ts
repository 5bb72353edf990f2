import type { TlsMaterial } from '../../../values/tlsMaterial.js';

/** One OTLP request for the sender that runs while the process ends. Plain data: it crosses to another thread. */
export interface LastRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the body must be compressed before it is sent. */
  readonly gzip: boolean;
  readonly tls: TlsMaterial;
  /** The variables in which Node's agents look for a proxy; the thread that sends has no environment. */
  readonly proxyEnv?: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
