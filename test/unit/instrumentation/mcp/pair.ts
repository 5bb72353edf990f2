export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
  readonly maxTotalTimeout?: number;
  readonly resetTimeoutOnProgress?: boolean;
  readonly onprogress?: (progress: unknown) => void;
}

type Connectable<Transport> = { connect(transport: Transport): Promise<void>; close(): Promise<void> };

/**
 * A server and a client of one SDK generation, for tests that must hold for both. The server has the tools `echo`, `refuse`
 * (an error result), `explode` (throws), `hang` (never answers) and
 * `progress` (reports once).
 */
export interface Pair {
  readonly server: Connectable<never>;
  readonly client: Connectable<never>;
  /** In memory. */
  connect(): Promise<void>;
  call(name: string, options?: CallOptions): Promise<unknown>;
  ping(options?: CallOptions): Promise<unknown>;
  listTools(): Promise<unknown>;
  /** A request no server knows. */
  askUnknown(): Promise<unknown>;
  /** Asked of the client by the server. */
  sample(options?: CallOptions): Promise<unknown>;
  elicit(): Promise<unknown>;
  roots(): Promise<unknown>;
  pingClient(): Promise<unknown>;
  /** What the client does when it is asked to sample; set before sampling. */
  onSample: () => unknown;
  /** `notifications/roots/list_changed` */
  tellServer(): Promise<void>;
  onTold(handler: () => unknown): void;
  /** `notifications/message` */
  log(): Promise<void>;
  /** `notifications/tools/list_changed` */
  tellClient(): Promise<void>;
  onClientTold(handler: () => unknown): void;
  /** Resolves when `hang` runs. */
  readonly hanging: Promise<void>;
  close(): Promise<void>;
}
