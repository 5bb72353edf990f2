import type { PointFact, SpanFact } from './facts.js';

/** SDK v1 and v2 with a connection between a client and a server, and `createMcpHandler` of v2 with requests of 2026-07-28. */
export type Road = 'v1' | 'v2' | 'http';

/** `plain`: the documented set-up. `content`: with arguments and results switched on as documented. `off`: switched off as documented. */
export type Mode = 'plain' | 'content' | 'off';

/** What serves a `Request`: the handler of SDK v2, or a package's own. */
export interface FetchHandler {
  fetch(request: Request): Promise<Response>;
  close?(): Promise<void>;
}

/** A package in its documented set-up, with everything it makes kept in memory. */
export interface Subject {
  /** That of its package. */
  readonly name: string;
  /** It is the server itself, so there is no other program to set it up for. */
  readonly isServer?: true;
  /** Roads that the general rows run on; the lowest of their cells counts. */
  readonly roads: readonly Road[];
  /** How tools are registered on v1, where a package documents only one way. */
  readonly registersBy?: 'tool';
  /** Connects v1 over HTTP instead of in memory: for packages that patch transports. */
  readonly overHttp?: true;
  /** How content is switched on; absent where nothing can be. */
  readonly contentBy?: string;
  /** How it is switched off; absent where nothing is documented. */
  readonly offBy?: string;
  wrapServer<Server extends object>(server: Server, mode: Mode): Server;
  wrapClient?<Client extends object>(client: Client): Client;
  wrapHandler?<Handler extends object>(handler: Handler, mode: Mode): Handler;
  /** For a package that is the handler: builds it from what registers the tools. */
  createHandler?(register: (server: object) => void, mode: Mode): FetchHandler;
  /** A switch of the whole process, thrown before anything is connected; where there is one, the mode `off` alone does nothing. */
  switchOff?(): unknown;
  /** Shuts the package down, where that is when sessions are recorded. */
  endSessions?(): Promise<void>;
  /** Runs inside a span as the host's other instrumentations make them; the span ends with the result. */
  inSpan<Result>(name: string, run: () => Result): Result;
  /** Finished since the last `clear`. */
  spans(): Promise<readonly SpanFact[]>;
  /** Since the start. */
  points(): Promise<readonly PointFact[]>;
  clear(): void;
}

/** Names of the spans that the host makes here: none of a package's. */
export const HOST_SPANS = { http: 'POST /mcp', query: 'SELECT', caller: 'caller' } as const;
