/** A command of ioredis, as far as all versions have it. */
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

/** A pipeline, also of a transaction, and the one that a client fills by itself. */
export interface Pipeline {
  /** The client, or the Cluster. */
  readonly redis?: unknown;
  readonly isCluster?: unknown;
  resolve: (results: unknown) => unknown;
  reject: (error: unknown) => unknown;
}

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
export type SendCommand = (this: Client, command: Command, ...rest: unknown[]) => unknown;

export interface RedisPrototype {
  sendCommand: SendCommand;
}

export function isCommand(value: unknown): value is Command {
  return typeof value === 'object' && value !== null && 'name' in value && 'resolve' in value && 'reject' in value;
}
