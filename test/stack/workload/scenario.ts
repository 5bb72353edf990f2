import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { AgentProcess } from './agentProcess.js';
import type { CallRecord } from './calls.js';

/** How the server of the workload is set, so that its limits are reached within seconds. */
export const serverLimits = {
  HANDOFF_PG_POOL_SIZE: '3',
  HANDOFF_PG_CONNECT_TIMEOUT_MS: '1000',
  HANDOFF_PG_STATEMENT_TIMEOUT_MS: '4000',
} as const;

/** Longer than the objective for tool calls allows, and shorter than the server waits. */
const SLOW_LOCK_MS = 2500;
/** More than the pool of the server has connections. */
const CROWD = 8;

const CONTEXT_TYPES = ['message', 'file', 'tool_call', 'system'] as const;
const REQUEST_TYPES = ['context_transfer', 'collaboration', 'full_handoff'] as const;

export interface Stage {
  readonly agent: AgentProcess;
  readonly mcpUrl: string;
  readonly databaseUrl: string;
  /** Takes Redis away while `work` runs. */
  withoutRedis(work: () => Promise<unknown>): Promise<void>;
}

function expectOutcome(record: CallRecord, ...wanted: readonly CallRecord['outcome'][]): void {
  if (wanted.includes(record.outcome)) return;
  throw new Error(
    `${record.method} ${record.target} had the outcome ${record.outcome} instead of ${wanted.join(' or ')}: ${record.message ?? ''}`,
  );
}

/** What agents do on a good day: sessions with entries of every kind, read and handed over in every way. */
export async function ordinaryRound({ agent }: Stage, key: string): Promise<void> {
  const call = async (tool: string, args: Readonly<Record<string, unknown>>): Promise<void> =>
    expectOutcome(await agent.call('tools/call', tool, args), 'success');
  expectOutcome(await agent.call('tools/list', 'tools'), 'success');
  for (const requestType of REQUEST_TYPES) {
    const sessionKey = `${key}-${requestType}`;
    await call('register_session', { sessionKey, agentFrom: 'coder' });
    for (const contextType of CONTEXT_TYPES) {
      await call('update_context', { sessionKey, contextType, content: contextType.repeat(contextType.length * 20), agent: 'coder' });
    }
    await call('get_context', { sessionKey });
    await call('get_summary', { sessionKey });
    expectOutcome(await agent.call('resources/read', `handoff://summary/${sessionKey}`), 'success');
    await call('request_handoff', { sessionKey, targetAgent: 'reviewer', requestType });
  }
  await call('list_sessions', {});
  expectOutcome(await agent.call('visit', 'other'), 'success');
}

/** What callers get wrong: unknown sessions, invalid arguments, tools that do not exist. */
export async function callersErrors({ agent }: Stage, key: string): Promise<void> {
  const handOff = { sessionKey: `${key}-nobody`, targetAgent: 'reviewer', requestType: 'full_handoff' };
  expectOutcome(await agent.call('tools/call', 'request_handoff', handOff), 'tool_error');
  expectOutcome(await agent.call('tools/call', 'register_session', { sessionKey: 5 }), 'tool_error');
  expectOutcome(await agent.call('tools/call', 'no_such_tool', {}), 'protocol_error');
}

/** Requests that Streamable HTTP refuses, by the reasons that anybody can provoke. */
export async function refusedRequests({ mcpUrl }: Stage): Promise<void> {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const statuses = await Promise.all([
    fetch(new URL('/nothing-here', mcpUrl)).then(({ status }) => status),
    fetch(mcpUrl, { method: 'POST', headers, body: '{' }).then(({ status }) => status),
  ]);
  const [path, json] = statuses;
  if (path !== 404 || json !== 400) throw new Error(`the server answered ${statuses.join(' and ')} instead of 404 and 400`);
}

/** A call that waits for a lock longer than a tool call may take, and then succeeds. */
export async function slowCall(stage: Stage, key: string): Promise<void> {
  const sessionKey = `${key}-slow`;
  expectOutcome(await stage.agent.call('tools/call', 'register_session', { sessionKey, agentFrom: 'coder' }), 'success');
  const entry = { sessionKey, contextType: 'message', content: 'late' };
  const [record] = await whileLocked(stage.databaseUrl, async () => {
    const answer = stage.agent.call('tools/call', 'update_context', entry);
    await Promise.race([answer, wait(SLOW_LOCK_MS)]);
    return [answer];
  });
  expectOutcome(await record, 'success');
}

/**
 * More calls than connections while a lock is held until all have failed: some wait in vain for a connection, the others for the lock.
 * No length of time would do for the lock, as a call may ask for it seconds late, after its waits for other calls and for a connection.
 */
export async function failingCalls(stage: Stage, key: string): Promise<void> {
  const sessionKey = `${key}-failing`;
  expectOutcome(await stage.agent.call('tools/call', 'register_session', { sessionKey, agentFrom: 'coder' }), 'success');
  await whileLocked(stage.databaseUrl, async () => {
    const entry = { sessionKey, contextType: 'message', content: 'in vain' };
    const records = await Promise.all(Array.from({ length: CROWD }, () => stage.agent.call('tools/call', 'update_context', entry)));
    for (const record of records) expectOutcome(record, 'tool_error');
  });
}

/** Reads a cached session while Redis is gone: the call succeeds, and the cache counts an error. */
export async function withoutCache(stage: Stage, key: string): Promise<void> {
  await stage.withoutRedis(async () => {
    const sessionKey = `${key}-${REQUEST_TYPES[0]}`;
    expectOutcome(await stage.agent.call('tools/call', 'get_summary', { sessionKey }), 'success');
    expectOutcome(
      await stage.agent.call('tools/call', 'request_handoff', { sessionKey, targetAgent: 'tester', requestType: REQUEST_TYPES[0] }),
      'success',
    );
  });
}

/** Holds the table of entries from before `work` starts until it is over. */
async function whileLocked<T>(databaseUrl: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined); // the calls report it
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE context_history IN ACCESS EXCLUSIVE MODE');
    return await work();
  } finally {
    await client.end(); // which gives the lock back
  }
}
