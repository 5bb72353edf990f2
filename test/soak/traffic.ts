import { RawConnection, quiet } from '../integration/instrumentation/mcp/faults/rawConnection.js';
import type { RawServer, Wire } from '../integration/instrumentation/mcp/faults/rawConnection.js';

/** Messages on a connection before it is given up for a new one. */
const PER_CONNECTION = 100;

type Asking = { server: { ping(): Promise<unknown>; notification(message: object): Promise<void> } };

/** Conversations in which nothing repeats that a peer may choose: ids, names, methods, addresses, trace contexts, baggage. */
export class Traffic {
  calls = 0;
  answers = 0;
  readonly #makers: readonly { readonly make: () => RawServer }[];
  readonly #instrument: (server: object) => void;
  #connections = 0;
  #current: { readonly raw: RawServer; readonly connection: RawConnection } | undefined;

  constructor(makers: readonly { readonly make: () => RawServer }[], instrument: (server: object) => void) {
    this.#makers = makers;
    this.#instrument = instrument;
  }

  async run(calls: number): Promise<void> {
    for (let call = 0; call < calls; call += 1) {
      if (this.#current === undefined || this.calls % PER_CONNECTION === 0) await this.#reconnect();
      await this.#call(this.calls);
      this.calls += 1;
    }
    await quiet();
  }

  async close(): Promise<void> {
    await this.#current?.connection.close();
    this.#current = undefined;
  }

  /** Every other connection is dropped without being closed, with a request still open. */
  async #reconnect(): Promise<void> {
    const old = this.#current;
    this.#current = undefined;
    await quiet();
    if (old !== undefined && this.#connections % 2 === 0) await old.connection.close();
    const maker = this.#makers[this.#connections % this.#makers.length];
    this.#connections += 1;
    if (maker === undefined) return;
    const raw = prepare(maker.make());
    this.#instrument(raw.server);
    const connection = await new RawConnection(raw).open();
    connection.wire.onmessage = (message) => {
      this.#answer(connection.wire, message as { readonly id?: unknown; readonly method?: unknown });
    };
    this.#current = { raw, connection };
  }

  /** Answers what the server asks. */
  #answer(wire: Wire, { id, method }: { readonly id?: unknown; readonly method?: unknown }): void {
    this.answers += 1;
    if (typeof method === 'string' && id !== undefined) void wire.send({ jsonrpc: '2.0', id, result: {} });
  }

  async #call(n: number): Promise<void> {
    if (this.#current === undefined) return;
    const { raw, connection } = this.#current;
    for (const message of messagesOf(n)) await connection.tell(message);
    if (n % 10 === 0) {
      const { server } = raw.server as unknown as Asking;
      await Promise.all([server.ping(), server.notification({ method: 'notifications/tools/list_changed' })]);
    }
    if (n % 25 === 0) await quiet();
    connection.transcript.errors.length = 0;
  }
}

function prepare(raw: RawServer): RawServer {
  raw.tool('echo', () => ({ content: [{ type: 'text', text: 'fine' }] }));
  raw.tool('ask', () => ({ content: [], resultType: 'input_required', requestState: `state ${Math.random()}` }));
  raw.tool('task', () => ({ content: [], task: { taskId: `task ${Math.random()}` } }));
  raw.tool('explode', () => {
    throw new RangeError('no');
  });
  raw.tool('hang', () => new Promise(() => undefined));
  raw.onTold(() => undefined);
  return raw;
}

/** What call `n` sends. Each kind comes round every few calls. */
function messagesOf(n: number): readonly object[] {
  const hex = n.toString(16).padStart(16, '0');
  const _meta = {
    traceparent: `00-${hex}${hex}-${hex}-01`.replace(/-0{16}-/, '-00000000000000ff-'),
    tracestate: `k=${n}`,
    baggage: `user=${n},session.id=${n}`,
    conversation: `c ${n}`,
    progressToken: n,
  };
  const request = (method: string, params: object): object => ({
    jsonrpc: '2.0',
    id: n % 2 === 0 ? n : `id ${n}`,
    method,
    params: { ...params, _meta },
  });
  const notification = (method: string, params: object = {}): object => ({ jsonrpc: '2.0', method, params: { ...params, _meta } });
  const kinds: readonly (() => readonly object[])[] = [
    () => [request('tools/call', { name: 'echo', arguments: { n } })],
    () => [request('tools/call', { name: `made up ${n}` })],
    () => [request(`made/up/${n}`, {})],
    () => [request('resources/read', { uri: `note://${n}` })],
    () => [request('prompts/get', { name: `prompt ${n}` })],
    () => [request('tools/call', { name: 'explode' })],
    () => [request('tools/call', { name: 'ask' }), request('tools/call', { name: 'ask', inputResponses: {}, requestState: `mine ${n}` })],
    () => [request('tools/call', { name: 'task' }), request('tasks/get', { taskId: `task ${n}` })],
    () => [request('tools/call', { name: 'hang' }), notification('notifications/cancelled', { requestId: n % 2 === 0 ? n : `id ${n}` })],
    () => [request('tools/call', { name: 'hang' })],
    () => [
      notification('notifications/roots/list_changed'),
      notification('notifications/progress', { progressToken: n, progress: 1 }),
      notification(`notifications/${n}`),
    ],
    () => [{ jsonrpc: '2.0', id: n, result: { n } }, { jsonrpc: '2.0', id: null, method: 'ping' }, request('tools/list', {})],
  ];
  return kinds[n % kinds.length]?.() ?? [];
}
