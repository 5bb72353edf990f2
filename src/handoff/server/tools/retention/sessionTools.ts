import { z } from 'zod';
import type { Retention } from '../../../retention/retention.js';
import { MAX_REASON_LENGTH } from '../../../retention/validation.js';
import { readIcon, writeIcon } from '../../icons.js';
import { agent, sessionKey } from '../arguments.js';
import { failure, success } from '../reply.js';
import { notFound } from '../sessionFailures.js';
import type { ToolDefinition } from '../toolDefinition.js';
import { eraseOutput, sessionChangeOutput, storageOutput } from './outputs.js';
import { orRefusal } from './refusals.js';

const actor = agent('Name of the person or agent that asks for it, which is recorded');

export function holdSessionTool(retention: Retention) {
  const shape = {
    sessionKey,
    reason: z
      .string()
      .min(1, 'is empty')
      .max(MAX_REASON_LENGTH, `is longer than ${MAX_REASON_LENGTH} characters`)
      .describe(`Why the session must be kept; this is recorded: 1 to ${MAX_REASON_LENGTH} characters`),
    actor,
  };
  return {
    name: 'hold_session',
    title: 'Hold a session',
    description:
      'Places a session on legal hold: until the hold is released, neither retention nor an erasure deletes the session. Agents can use it as before.',
    icons: writeIcon,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape,
    output: sessionChangeOutput,
    internalError: 'Failed to hold session',
    run: ({ sessionKey: key, reason, actor: by }) =>
      orRefusal(key, async () => {
        const held = await retention.hold({ sessionKey: key }, reason, by);
        return held === undefined ? failure(...notFound(key)) : success({ message: 'Session is on legal hold', ...held });
      }),
  } satisfies ToolDefinition<typeof shape>;
}

export function releaseSessionTool(retention: Retention) {
  const shape = { sessionKey, actor };
  return {
    name: 'release_session',
    title: 'Release a session',
    description: 'Releases the legal hold of a session. If its retention has passed meanwhile, the next sweep deletes it.',
    icons: writeIcon,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    shape,
    output: sessionChangeOutput,
    internalError: 'Failed to release session',
    run: ({ sessionKey: key, actor: by }) =>
      orRefusal(key, async () => {
        const released = await retention.release({ sessionKey: key }, by);
        return released === undefined ? failure(...notFound(key)) : success({ message: 'Session is not on legal hold', ...released });
      }),
  } satisfies ToolDefinition<typeof shape>;
}

export function eraseSessionTool(retention: Retention) {
  const shape = { sessionKey, actor };
  return {
    name: 'erase_session',
    title: 'Erase a session',
    description:
      'Permanently deletes a session from the database, the archive and the cache, whatever its state. The deletion is recorded, the content is not.',
    icons: writeIcon,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    shape,
    output: eraseOutput,
    internalError: 'Failed to erase session',
    run: ({ sessionKey: key, actor: by }) =>
      orRefusal(key, async () => {
        const outcome = await retention.erase({ sessionKey: key }, by);
        if (outcome?.kind !== 'erased') return failure(...notFound(key));
        const { kind: _, ...erased } = outcome;
        return success({ message: 'Session erased', ...erased });
      }),
  } satisfies ToolDefinition<typeof shape>;
}

export function storageReportTool(retention: Retention) {
  const shape = {};
  return {
    name: 'get_storage_report',
    title: 'Get the storage report',
    description:
      'Measures tables, partitions and the archive, estimates how fast they grow and when the limit will be reached, and suggests changes to policies.',
    icons: readIcon,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape,
    output: storageOutput,
    internalError: 'Failed to measure storage',
    run: async () => success(await retention.storageReport()),
  } satisfies ToolDefinition<typeof shape>;
}
