import type { TlsMaterial } from '../../settings/otlpTarget.js';

/** One OTLP request for the sender that runs while the process ends. Plain data: it crosses to another thread. */
export interface LastRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Pack the body before sending it. */
  readonly gzip: boolean;
  readonly tls: TlsMaterial;
  /** What Node's agents are to look for a proxy in; the thread that sends has no environment. */
  readonly proxyEnv?: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
