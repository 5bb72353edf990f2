import type { IncomingMessage, ServerResponse } from 'node:http';
import { CallCancelledError } from '../../errors/callCancelledError.js';
import { OverloadedError } from '../../errors/overloadedError.js';
import { isMapping } from '../../values/guards.js';
import type { CallOptions } from '../resilience/admission/admission.js';
import type { Turn } from '../resilience/admission/turn.js';
import { notBegun } from '../resilience/errors/safeFailure.js';
import { Pace } from './pace.js';
import { failure, toCallToolResult } from './tools/reply.js';
import { HeldTurn, withTurn } from './turnHere.js';

/** What decides when calls begin, and which are refused. */
export interface CallGate {
  /** Whether a call that comes now can begin or wait. */
  hasRoom(): boolean;
  /** Begins a call when it is its turn. Throws or rejects with `OverloadedError`, or with `CallCancelledError` when its caller has gone. */
  enter(options: CallOptions): Turn | Promise<Turn>;
  /** Counts a call that is refused for want of room, and says after how many milliseconds to come back. */
  refuse(): number;
  /** Calls that may be open at a time, waiting or not. */
  readonly mostOpen: number;
  /** What the server works without; shown in every answer. */
  degraded(): readonly object[];
}

interface AgentTool {
  /** `error` of a call that is refused; fixed by the contract. */
  readonly error: string;
  readonly isMeasured: boolean;
}

const measured = (error: string): AgentTool => ({ error, isMeasured: true });

/** The tools that are refused while there is no room. Those of operators are missing: they are what overload is looked into with. */
const AGENT_TOOLS: Readonly<Record<string, AgentTool>> = {
  register_session: measured('Failed to session_creation'),
  update_context: measured('Failed to update context'),
  request_handoff: measured('Failed to process handoff request'),
  analyze_codebase: { error: 'Failed to analyze codebase', isMeasured: false },
  list_sessions: measured('Failed to list sessions'),
  get_context: measured('Failed to read context'),
  get_summary: measured('Failed to read summary'),
  list_handoffs: measured('Failed to list handoffs'),
  accept_handoff: measured('Failed to accept handoff'),
  reject_handoff: measured('Failed to reject handoff'),
  complete_handoff: measured('Failed to complete handoff'),
};

/** Present in the 2026 era only, whose results say that they are whole. */
const METHOD_HEADER = 'mcp-method';

interface AgentCall {
  readonly id: string | number;
  readonly tool: AgentTool;
}

/**
 * Where tool calls that come over HTTP wait for their turn, before anything of MCP is done for them. A call costs this process about as
 * much before its work as the work itself: if calls waited behind that, every turn of the event loop would be as long as all who came at
 * a time need, new connections would hardly be accepted, and a refused call would cost what a served one does (decision 0075).
 */
export class Door {
  readonly #gate: CallGate;
  readonly #pace = new Pace(setImmediate);
  #open = 0;

  constructor(gate: CallGate) {
    this.#gate = gate;
  }

  /** Must be called for each connection that was accepted. */
  connected(): void {
    this.#pace.accepted();
  }

  /** Serves a message in its turn: at once where it is no call of an agent's tool. A call that is refused is answered here. */
  async serve(message: unknown, request: IncomingMessage, response: ServerResponse, serve: () => Promise<void>): Promise<void> {
    const call = agentCall(message);
    if (call === undefined) return serve();
    const refuse = (retryAfterMs: number): void => this.#refuse(call, retryAfterMs, request, response);
    if (this.#open >= this.#gate.mostOpen || !this.#gate.hasRoom()) {
      refuse(this.#gate.refuse());
      return;
    }
    const turn = await this.#enter(call, response).catch((error: unknown) => {
      if (error instanceof OverloadedError) refuse(error.data.retryAfterMs);
      else if (!(error instanceof CallCancelledError)) throw error;
    });
    if (turn === undefined) return;
    try {
      await this.#pace.enter();
      if (!response.destroyed) await withTurn(turn, serve);
    } finally {
      // What was refused before it came to a tool: its answer may wait for a client that reads slowly.
      turn.leave();
    }
  }

  async #enter({ tool: { isMeasured } }: AgentCall, response: ServerResponse): Promise<HeldTurn> {
    if (response.destroyed) throw new CallCancelledError();
    const gone = new AbortController();
    const own: { turn?: HeldTurn } = {};
    this.#open += 1;
    response.once('close', () => {
      this.#open -= 1;
      if (own.turn === undefined) gone.abort(new CallCancelledError());
      else own.turn.leave();
    });
    const turn = new HeldTurn(await this.#gate.enter({ isMeasured, signal: gone.signal }));
    own.turn = turn;
    return turn;
  }

  #refuse({ id, tool: { error } }: AgentCall, retryAfterMs: number, { headers }: IncomingMessage, response: ServerResponse): void {
    const off = this.#gate.degraded();
    const body = { ...notBegun(retryAfterMs), ...(off.length === 0 ? {} : { degraded: off }) };
    const result = toCallToolResult(failure(error, body));
    const whole = headers[METHOD_HEADER] === undefined ? result : { resultType: 'complete', ...result };
    sendWhole(response, JSON.stringify({ jsonrpc: '2.0', id, result: whole }));
  }
}

function agentCall(message: unknown): AgentCall | undefined {
  if (!isMapping(message) || message['method'] !== 'tools/call' || !isMapping(message['params'])) return undefined;
  const { id } = message;
  const { name } = message['params'];
  if ((typeof id !== 'string' && typeof id !== 'number') || typeof name !== 'string' || !Object.hasOwn(AGENT_TOOLS, name)) return undefined;
  const tool = AGENT_TOOLS[name];
  return tool === undefined ? undefined : { id, tool };
}

/** With its length, Node sends the answer in one piece; without, in five. It is what a refused call costs most. */
function sendWhole(response: ServerResponse, json: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }).end(json);
}
