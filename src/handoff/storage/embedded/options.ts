/** Where the embedded database lives and how patient its users are. Every duration in milliseconds. */
export interface EmbeddedOptions {
  /** Folder shared by all servers of one user; made with mode 0700 when absent. Must be on a local file system. */
  readonly dataDir: string;
  /** A compressed database that a new one starts from, which makes the first start faster; without it an empty one is made. Only the command uses this. */
  readonly prepared?: URL;
  /** Most connections this process opens, 1 or more. Default 10. All of them share one backend: more gives no more speed. */
  readonly poolSize?: number;
  /** How long a call waits for a new owner after the old one went. Default 15000. */
  readonly waitMs?: number;
  /** How long opening may take, the first creation on a slow machine included. Default 60000. */
  readonly openTimeoutMs?: number;
  /** A connection idle in an open transaction longer than this is rolled back and closed: it blocks everybody. Default 10000. */
  readonly idleInTransactionTimeoutMs?: number;
  /** A statement that runs longer than this is ended by restarting the database: nothing gentler exists here. Default 60000. */
  readonly statementLimitMs?: number;
  /** Longest that `close()` takes. Default 2000. Cutting it short costs the next owner a recovery, never data. */
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
