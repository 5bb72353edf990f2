import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from './certificates.js';
import type { Authority, Certified } from './certificates.js';

/** An authority, what it issued to a server and to a client, and the files that OTEL_* variables name. */
export interface TlsFiles {
  readonly authority: Authority;
  readonly server: Certified;
  /** The variable that trusts the authority. */
  readonly ca: { readonly OTEL_EXPORTER_OTLP_CERTIFICATE: string };
  /** That one, and those that present the client's certificate. */
  readonly mutual: {
    readonly OTEL_EXPORTER_OTLP_CERTIFICATE: string;
    readonly OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: string;
    readonly OTEL_EXPORTER_OTLP_CLIENT_KEY: string;
  };
  /** Writes one more file beside them, and answers its path. */
  fileOf(name: string, text: string): string;
  remove(): void;
}

export function tlsFiles(): TlsFiles {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-tls-'));
  const fileOf = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const authority = createAuthority();
  const client = authority.issue('client');
  const ca = { OTEL_EXPORTER_OTLP_CERTIFICATE: fileOf('ca.pem', authority.cert) };
  return {
    authority,
    server: authority.issue('server'),
    ca,
    mutual: {
      ...ca,
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: fileOf('client.pem', client.cert),
      OTEL_EXPORTER_OTLP_CLIENT_KEY: fileOf('client.key', client.key),
    },
    fileOf,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
