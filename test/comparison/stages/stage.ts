import type { Mode, Road, Subject } from '../subject.js';

export interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: { readonly _meta?: Readonly<Record<string, unknown>> } & Readonly<Record<string, unknown>>;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
}

/** The methods of a client that rows about clients use; both SDK generations have them. */
export interface TestClient {
  callTool(params: object): Promise<unknown>;
  listTools(): Promise<unknown>;
  listPrompts(): Promise<unknown>;
  getPrompt(params: object): Promise<unknown>;
  listResources(): Promise<unknown>;
  readResource(params: object): Promise<unknown>;
  complete(params: object): Promise<unknown>;
  ping(): Promise<unknown>;
  setLoggingLevel(level: string): Promise<unknown>;
  sendRootsListChanged(): Promise<void>;
}

/** A server, and what talks to it. */
export interface Stage {
  readonly road: Road;
  /** Any request, written by hand. Rejects with an error that has the `code` of an error response. */
  request(method: string, params?: object, options?: RequestOptions): Promise<Record<string, unknown>>;
  notify(method: string, params?: object): Promise<void>;
  /** Everything that reached the server, as it was on the wire. */
  readonly received: readonly Message[];
  readonly probe: Probe;
  /** Absent where requests are written by hand. */
  readonly client?: TestClient;
  /** What a server may send by itself; absent where it cannot. */
  readonly server?: { sample(): Promise<unknown>; announce(): Promise<void> };
  close(): Promise<void>;
}

export interface StageOptions {
  readonly mode?: Mode;
  /** Instruments the client instead of the server. */
  readonly side?: 'server' | 'client';
}

/** The tool `probe`: a row puts in what the handler does. */
export class Probe {
  run: (...given: readonly unknown[]) => unknown = () => undefined;
  /** Calls of `hang` that wait. */
  hanging = 0;
}

export const text = (value: string): { content: { type: 'text'; text: string }[] } => ({ content: [{ type: 'text', text: value }] });

/** What the tool `explode` throws; with the SDK's own rules it becomes an `isError` result with this text. */
export const EXPLOSION = 'the boiler is gone';

/** Tools of the fixture, with `{ text?: string }` as their arguments. */
export function fixtureTools(probe: Probe): Readonly<Record<string, (...given: readonly unknown[]) => unknown>> {
  return {
    refuse: () => ({ ...text('no'), isError: true }),
    explode: () => {
      throw new RangeError(EXPLOSION);
    },
    hang: (_args, second) => {
      probe.hanging += 1;
      return new Promise((resolve) => {
        signalOf(second)?.addEventListener('abort', () => {
          resolve(text('stopped'));
        });
      });
    },
    probe: async (...given) => {
      await probe.run(...given);
      return text('probed result');
    },
  };
}

/** The `AbortSignal` in the second argument of a handler, of either generation. */
function signalOf(second: unknown): AbortSignal | undefined {
  const context = second as { signal?: AbortSignal; mcpReq?: { signal?: AbortSignal } } | undefined;
  return context?.mcpReq?.signal ?? context?.signal;
}

export function wrapEnds<Server extends object, Client extends object>(
  subject: Subject,
  { mode = 'plain', side = 'server' }: StageOptions,
  server: Server,
  client: Client,
): { server: Server; client: Client } {
  if (side === 'client') return { server, client: subject.wrapClient?.(client) ?? client };
  return { server: subject.wrapServer(server, mode), client };
}
