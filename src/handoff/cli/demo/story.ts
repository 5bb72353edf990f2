import { z } from 'zod';
import { contextTypes, requestTypes } from '../../sessions/types.js';
import type { RequestType } from '../../sessions/types.js';
import type { Agent, ToolAnswer } from './agent.js';
import type { AgentTask, AgentTelemetry } from './agentTelemetry.js';
import { DemoFailedError } from './demoFailedError.js';

/** Result of the story, for the checks and the report. */
export interface Story {
  /** The trace worth looking at: a full handoff, read by the other agent. */
  readonly handoffTraceId: string;
  /** Entries the receiving agent read, over all sessions. */
  readonly entriesRead: number;
}

const contextSchema = z.object({
  contextHistory: z.array(z.object({ sequenceNumber: z.int(), contextType: z.string(), content: z.string() })),
});
const sessionsSchema = z.array(z.object({ sessionKey: z.string() }));

/** Sample content for each kind of entry, long enough to be worth reading. */
const ENTRIES: Readonly<Record<(typeof contextTypes)[number], readonly string[]>> = {
  message: ['The checkout times out for about 2 % of customers; this started on Tuesday.', 'Only orders with a voucher are affected.'],
  file: ['src/checkout/voucher.ts: the lock is taken before the price is read'],
  tool_call: ['grep -n "acquireLock" src/checkout: 3 matches'],
  system: ['Priority raised to high'],
};

/**
 * Two agents work on three sessions, hand each one over in one of the three ways, and make typical mistakes.
 * Every answer is checked; an unexpected one ends the demo.
 */
export async function tellStory(writer: Agent, reader: Agent, telemetry: AgentTelemetry, progress: (line: string) => void): Promise<Story> {
  let handoffTraceId = '';
  let entriesRead = 0;
  for (const type of requestTypes) {
    await telemetry.task(`agent work: ${type}`, async (task) => {
      const sessionKey = `incident-${type.replaceAll('_', '-')}`;
      const written = await write(writer, task, sessionKey);
      await handOver(writer, reader, task, sessionKey, type);
      entriesRead += await takeOver(reader, task, sessionKey, written + 1);
      if (type === 'collaboration')
        await expectSuccess(
          reader.call(task, 'update_context', { sessionKey, contextType: 'message', content: 'Taking the second half.' }),
        );
      if (type === 'full_handoff') handoffTraceId = task.traceId;
      progress(`${writer.name} handed ${sessionKey} to ${reader.name} (${type}), who read ${written + 1} entries from its own server`);
    });
  }
  await telemetry.task('agent work: mistakes', (task) => makeMistakes(writer, reader, task));
  progress('five calls that had to fail failed as expected');
  return { handoffTraceId, entriesRead };
}

/** Registers a session and adds entries of every kind; resolves with the number of entries. */
async function write(writer: Agent, task: AgentTask, sessionKey: string): Promise<number> {
  await expectSuccess(writer.call(task, 'register_session', { sessionKey, agentFrom: writer.name, metadata: { ticket: 4711 } }));
  let entries = 1;
  for (const contextType of contextTypes) {
    for (const content of ENTRIES[contextType]) {
      await expectSuccess(writer.call(task, 'update_context', { sessionKey, contextType, content, metadata: { agent: writer.name } }));
      entries += 1;
    }
  }
  return entries;
}

async function handOver(writer: Agent, reader: Agent, task: AgentTask, sessionKey: string, requestType: RequestType): Promise<void> {
  await expectSuccess(
    writer.call(task, 'request_handoff', { sessionKey, targetAgent: reader.name, requestType, requestData: { reason: 'shift change' } }),
  );
}

/** Finds the session, reads all of it and checks that it is complete and in order. */
async function takeOver(reader: Agent, task: AgentTask, sessionKey: string, expected: number): Promise<number> {
  const mine = sessionsSchema.parse(await reader.read(task, `handoff://agents/${reader.name}/sessions`));
  if (!mine.some((session) => session.sessionKey === sessionKey))
    throw new DemoFailedError(`${reader.name} does not see ${sessionKey} among its sessions`);
  const { contextHistory } = contextSchema.parse(await reader.read(task, `handoff://context/${sessionKey}`));
  const inOrder = contextHistory.every((entry, index) => entry.sequenceNumber === index + 1);
  if (contextHistory.length !== expected || !inOrder)
    throw new DemoFailedError(`${reader.name} read ${contextHistory.length} entries of ${sessionKey}, but ${expected} were written`);
  await reader.read(task, `handoff://summary/${sessionKey}`);
  return contextHistory.length;
}

async function makeMistakes(writer: Agent, reader: Agent, task: AgentTask): Promise<void> {
  const entry = { contextType: 'message', content: 'Is anybody there?' };
  await expectError(writer.call(task, 'update_context', { ...entry, sessionKey: 'no-such-session' }), 'Session not found');
  await expectError(
    writer.call(task, 'register_session', { sessionKey: 'incident-collaboration', agentFrom: writer.name }),
    'Session already exists',
  );
  await expectError(reader.call(task, 'update_context', { ...entry, sessionKey: 'incident-full-handoff' }), 'Session is not active');
  await expectError(
    reader.call(task, 'update_context', { ...entry, sessionKey: 'incident-collaboration', contextType: 'rumour' }),
    'Invalid input',
  );
  const refused = await reader.call(task, 'no_such_tool', {});
  if (refused !== undefined) throw new DemoFailedError('a tool that does not exist returned an answer');
}

async function expectSuccess(answer: Promise<ToolAnswer | undefined>): Promise<void> {
  const given = await answer;
  if (given?.success !== true) throw new DemoFailedError(`a call failed: ${given?.error ?? 'refused with a protocol error'}`);
}

async function expectError(answer: Promise<ToolAnswer | undefined>, expected: string): Promise<void> {
  const given = await answer;
  if (given?.success !== false || given.error !== expected)
    throw new DemoFailedError(`expected "${expected}", got ${given?.error ?? 'success'}`);
}
