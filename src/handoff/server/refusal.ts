import type { ServerResponse } from 'node:http';
import type { refusalReasons } from '../../telemetry/catalogue/server.js';

/** Why a request was not served. */
export type RefusalReason = (typeof refusalReasons)[number];

/** An answer that ends a request before MCP sees it. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON-RPC code. Default: -32000. */
  readonly code?: number;
}

/** Called for every refused request and connection. `status` is absent where no answer was possible. */
export type OnRefusal = (refused: {
  readonly reason: RefusalReason;
  readonly status?: number;
  readonly remoteAddress: string | undefined;
}) => void;

/** Sends a refusal in the form MCP clients read: a JSON-RPC error without an id. */
export function answerRefusal(response: ServerResponse, { status, message, headers = {}, code = -32000 }: Refusal): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}
