/** What we read from a `pg` client, of any supported version. Every property may be missing: hosts bring their own clients. */
export interface PgClient {
  readonly database?: unknown;
  readonly host?: unknown;
  readonly port?: unknown;
}

/** What we read from a pool of `pg-pool`. */
export interface PgPool {
  readonly options?: { readonly database?: unknown; readonly connectionString?: unknown; readonly max?: unknown };
  readonly totalCount?: unknown;
  readonly idleCount?: unknown;
  readonly waitingCount?: unknown;
  readonly ending?: unknown;
  readonly ended?: unknown;
  /** Not public, but the only place where the first client appears before it is connected. */
  readonly _clients?: unknown;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  removeListener(event: string, listener: (...args: unknown[]) => void): unknown;
}
