/** Contents of PEM files. */
export interface TlsMaterial {
  /** The authorities that may sign the other end's certificate, instead of the system's. */
  readonly ca?: Buffer;
  /** The client certificate and its key; either both or neither. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

const PARTS = ['ca', 'cert', 'key'] as const;

/**
 * Returns what to call for each new connection, since certificates that live for hours are replaced while the process runs. As long as a
 * file cannot be read, or the files do not fit together because only some have been replaced so far, it answers what it answered before.
 *
 * @param first what was read at the start; what it lacks is never looked for
 * @param read the file of a part as it is now; may throw
 */
export function renewedTlsMaterial(first: TlsMaterial, read: (part: keyof TlsMaterial) => Buffer): () => TlsMaterial {
  const parts = PARTS.filter((part) => first[part] !== undefined);
  let current = first;
  return () => {
    try {
      const found: TlsMaterial = Object.fromEntries(parts.map((part) => [part, read(part)]));
      const isSame = parts.every((part) => current[part]?.equals(found[part] ?? Buffer.alloc(0)));
      if (!isSame) {
        // Throws if the key is not the certificate's, or if a file is only half written.
        process.getBuiltinModule('node:tls').createSecureContext(found);
        current = found;
      }
    } catch {
      // The files are being replaced, or are gone; the next connection looks again.
    }
    return current;
  };
}
