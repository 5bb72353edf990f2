/** Location and time limits of the embedded database. Every duration is in milliseconds. */
export interface EmbeddedOptions {
  /** Folder shared by all servers of one user; created with mode 0700 if missing. Must be on a local file system. */
  readonly dataDir: string;
  /** A compressed database that speeds up the first start; without it an empty one is created. Only the command uses this. */
  readonly prepared?: URL;
  /** Maximum number of connections of this process, 1 or more. Default 10. All share one backend, so more does not mean faster. */
  readonly poolSize?: number;
  /** How long a call waits for a new owner after the old one is gone. Default 15000. */
  readonly waitMs?: number;
  /** How long opening may take, including the first creation on a slow machine. Default 60000. */
  readonly openTimeoutMs?: number;
  /** A connection idle in an open transaction longer than this is rolled back and closed: it blocks all other clients. Default 10000. */
  readonly idleInTransactionTimeoutMs?: number;
  /** A statement that runs longer than this is ended by restarting the database, which is the only way. Default 60000. */
  readonly statementLimitMs?: number;
  /** Maximum duration of `close()`. Default 2000. A close that runs out of time costs the next owner a recovery, never data. */
  readonly closeTimeoutMs?: number;
}

export type ResolvedEmbeddedOptions = Required<Omit<EmbeddedOptions, 'prepared'>> & { readonly prepared: URL | undefined };

export function resolveEmbeddedOptions(options: EmbeddedOptions): ResolvedEmbeddedOptions {
  return {
    dataDir: options.dataDir,
    prepared: options.prepared,
    poolSize: options.poolSize ?? 10,
    waitMs: options.waitMs ?? 15_000,
    openTimeoutMs: options.openTimeoutMs ?? 60_000,
    idleInTransactionTimeoutMs: options.idleInTransactionTimeoutMs ?? 10_000,
    statementLimitMs: options.statementLimitMs ?? 60_000,
    closeTimeoutMs: options.closeTimeoutMs ?? 2000,
  };
}
