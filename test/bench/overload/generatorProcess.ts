import { LightConnection } from './lightConnection.js';

// Sends calls when they are due, whether or not those before have been answered, as many agents that know nothing of each other do. A
// process of its own, so that it is late only when the machine is.

export interface GeneratorOrder {
  readonly port: number;
  readonly sessions: number;
  /** Calls that are due in a second; 0 sends the next one when one is answered, on `connections` connections. */
  readonly callsPerSecond: number;
  readonly connections: number;
  readonly durationMs: number;
  /** What was due before counts for nothing. */
  readonly warmUpMs: number;
  /** A caller gives up after this time from when the call was due, and closes its connection. */
  readonly patienceMs: number;
}

export type Outcome = 'done' | 'refused' | 'busy' | 'failed' | 'given_up';

export interface GeneratorResult {
  readonly seconds: number;
  /** Of the calls that were due after the warm-up. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** From when they were due; sorted. */
  readonly doneMs: readonly number[];
  /** How late the latest call left, which tells whether the generator kept up. */
  readonly latestMs: number;
  readonly cpuMs: number;
}

const CONTENT = 'The agent looked at the build log, found the failing step and noted what to try next: '.repeat(3).slice(0, 200);

class Generator {
  readonly #order: GeneratorOrder;
  readonly #idle: LightConnection[] = [];
  readonly #open = new Set<Promise<void>>();
  readonly #requests: readonly string[];
  readonly #outcomes: Record<Outcome, number> = { done: 0, refused: 0, busy: 0, failed: 0, given_up: 0 };
  readonly #doneMs: number[] = [];
  #sent = 0;
  #latestMs = 0;
  #countFromMs = 0;

  constructor(order: GeneratorOrder) {
    this.#order = order;
    this.#requests = Array.from({ length: order.sessions }, (_, session) => requestOf(order.port, session));
  }

  async run(): Promise<GeneratorResult> {
    const { durationMs, warmUpMs, callsPerSecond, connections } = this.#order;
    const cpuBefore = process.cpuUsage();
    const startMs = performance.now();
    this.#countFromMs = startMs + warmUpMs;
    const endMs = startMs + durationMs;
    if (callsPerSecond === 0) await Promise.all(Array.from({ length: connections }, () => this.#repeat(endMs)));
    else await this.#pace(startMs, endMs, 1000 / callsPerSecond);
    await Promise.all(this.#open);
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      seconds: (durationMs - warmUpMs) / 1000,
      outcomes: this.#outcomes,
      doneMs: this.#doneMs.sort((a, b) => a - b),
      latestMs: this.#latestMs,
      cpuMs: (user + system) / 1000,
    };
  }

  async #repeat(endMs: number): Promise<void> {
    while (performance.now() < endMs) await this.#call(performance.now());
  }

  async #pace(startMs: number, endMs: number, everyMs: number): Promise<void> {
    for (let dueMs = startMs; dueMs < endMs; ) {
      const nowMs = performance.now();
      for (; dueMs <= nowMs && dueMs < endMs; dueMs += everyMs) {
        this.#latestMs = Math.max(this.#latestMs, nowMs - dueMs);
        const call = this.#call(dueMs);
        this.#open.add(call);
        void call.finally(() => this.#open.delete(call));
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(1, dueMs - performance.now())));
    }
  }

  async #call(dueMs: number): Promise<void> {
    const connection = this.#connection();
    const request = this.#requests[this.#sent % this.#requests.length] ?? '';
    this.#sent += 1;
    let isGivenUp = false;
    const timer = setTimeout(
      () => {
        isGivenUp = true;
        connection.giveUp();
      },
      this.#order.patienceMs - (performance.now() - dueMs),
    );
    const answer = await connection.send(request);
    clearTimeout(timer);
    if (dueMs < this.#countFromMs) return;
    const outcome = isGivenUp ? 'given_up' : outcomeOf(answer);
    this.#outcomes[outcome] += 1;
    if (outcome === 'done') this.#doneMs.push(performance.now() - dueMs);
  }

  #connection(): LightConnection {
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop())
      if (!connection.isClosed) return connection;
    return new LightConnection(this.#order.port, (connection) => this.#idle.push(connection));
  }
}

function requestOf(port: number, session: number): string {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: {
      name: 'update_context',
      arguments: { sessionKey: `overload-${session}`, contextType: 'message', content: CONTENT, metadata: { agent: 'bench' } },
    },
  });
  const head = [
    'POST /mcp HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Accept: application/json, text/event-stream',
    'Content-Type: application/json',
    'MCP-Protocol-Version: 2025-06-18',
    `Content-Length: ${body.length}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function outcomeOf(answer: Awaited<ReturnType<LightConnection['send']>>): Outcome {
  if (answer === undefined) return 'failed';
  if (answer.status === 503) return 'busy';
  if (answer.body.includes('HANDOFF_OVERLOADED')) return 'refused';
  return answer.status === 200 && !answer.body.includes('"isError":true') && answer.body.includes('success') ? 'done' : 'failed';
}

process.on('message', (order: GeneratorOrder) => {
  void new Generator(order).run().then((result) => {
    process.send?.(result, () => process.disconnect());
  });
});
