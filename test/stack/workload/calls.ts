/** What the parent asks of the agent. */
export interface AgentCall {
  readonly id: number;
  readonly method: 'tools/call' | 'tools/list' | 'resources/read' | 'visit';
  /** The tool or the resource. `visit` is a session and a subscription at the other server. */
  readonly target: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** What became of a call. `protocol_error`: it was refused before any tool ran; `failed`: there was no answer. */
export type Outcome = 'success' | 'tool_error' | 'protocol_error' | 'failed';

export interface AgentReply {
  readonly id: number;
  readonly traceId: string;
  readonly outcome: Outcome;
  readonly message?: string;
}

/** One call as the client saw it. */
export interface CallRecord extends AgentReply {
  readonly method: AgentCall['method'];
  readonly target: string;
  readonly durationMs: number;
}
