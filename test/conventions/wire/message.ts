/** JSON-RPC messages as they travel, and what one of them together with its answer amounts to. */

export type Side = 'client' | 'server';

export interface WireMessage {
  readonly jsonrpc?: string;
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface LogEntry {
  readonly from: Side;
  readonly message: WireMessage;
  /** The case of the traffic table under which it travelled. */
  readonly label: string;
}

/** A request or notification that really travelled, with its answer when it got one. */
export interface Exchange {
  readonly method: string;
  readonly sender: Side;
  readonly label: string;
  readonly id?: string | number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Pairs requests with their answers. Ids are unique per sender on one connection only. */
export function exchangesOf(log: readonly LogEntry[]): Exchange[] {
  return log.flatMap(({ from, message, label }, index) => {
    if (message.method === undefined) return [];
    const answer =
      message.id === undefined
        ? undefined
        : log.slice(index + 1).find((entry) => entry.from !== from && entry.message.method === undefined && entry.message.id === message.id)
            ?.message;
    return [
      {
        method: message.method,
        sender: from,
        label,
        params: message.params ?? {},
        ...(message.id === undefined ? {} : { id: message.id }),
        ...(answer?.result === undefined ? {} : { result: answer.result }),
        ...(answer?.error === undefined ? {} : { error: answer.error }),
      },
    ];
  });
}

export function metaOf(exchange: Exchange): Readonly<Record<string, unknown>> {
  const meta = exchange.params['_meta'];
  return typeof meta === 'object' && meta !== null ? (meta as Record<string, unknown>) : {};
}
