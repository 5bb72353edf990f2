/** One call of a tool. */
export interface ToolCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const CONTENT = 'The agent looked at the build log, found the failing step and noted what to try next. '.repeat(3);
const PAGE = 20;

/**
 * The life of one session, from its registration to the handoff that ends it: the operations that the design calls standard, as often as
 * agents do them. A session is read more often than it is listed.
 */
export function callsOfSession(key: string): readonly ToolCall[] {
  const session = { sessionKey: key };
  const update = (contextType: string): ToolCall => ({ name: 'update_context', args: { ...session, contextType, content: CONTENT } });
  return [
    { name: 'register_session', args: { ...session, agentFrom: 'bench-a', metadata: { task: key } } },
    update('message'),
    update('tool_call'),
    { name: 'get_context', args: session },
    update('file'),
    { name: 'list_sessions', args: { limit: PAGE } },
    update('message'),
    { name: 'get_summary', args: session },
    { name: 'request_handoff', args: { ...session, targetAgent: 'bench-b', requestType: 'full_handoff', requestData: { reason: 'done' } } },
    { name: 'get_context', args: session },
  ];
}
