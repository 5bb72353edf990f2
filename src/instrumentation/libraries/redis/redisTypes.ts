/** A command of ioredis, limited to what all versions have. */
export interface Command {
  readonly name: unknown;
  readonly args: unknown;
  resolve: (value: unknown) => unknown;
  reject: (error: unknown) => unknown;
}

/** A client, or one node of a Cluster. */
export interface Client {
  readonly status?: unknown;
  readonly options?: {
    readonly path?: unknown;
    readonly host?: unknown;
    readonly port?: unknown;
    readonly db?: unknown;
    readonly sentinels?: unknown;
    readonly connectionName?: unknown;
    readonly Connector?: unknown;
  };
  readonly condition?: { readonly select?: unknown } | null;
  readonly stream?: { readonly remoteAddress?: unknown; readonly remotePort?: unknown } | null;
  readonly isCluster?: unknown;
}

/** A pipeline: explicit, of a transaction, or one that a client fills automatically. */
export interface Pipeline {
  /** The client, or the Cluster. */
  readonly redis?: unknown;
  readonly isCluster?: unknown;
  resolve: (results: unknown) => unknown;
  reject: (error: unknown) => unknown;
}

export type SendCommand = (this: Client, command: Command, ...rest: unknown[]) => unknown;

export interface RedisPrototype {
  sendCommand: SendCommand;
}

export function isCommand(value: unknown): value is Command {
  return typeof value === 'object' && value !== null && 'name' in value && 'resolve' in value && 'reject' in value;
}
