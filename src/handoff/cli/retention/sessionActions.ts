import { requireRecordable } from '../../retention/validation.js';
import { UsageError, parseOptions } from '../usageError.js';
import { EXIT_FAILED } from '../command.js';
import type { Streams } from '../streams.js';
import { renderTable } from '../render/table.js';
import { printable } from '../render/width.js';
import type { Action } from './action.js';
import { actorOf, common, oneSession, required, sessionOf } from './options.js';
import { print } from './print.js';
import { retentionUsages } from '../usages.js';

const MOST_LISTED = 10_000;

function noSession(streams: Streams): number {
  streams.err('There is no such session: it never existed, or it was deleted.\n');
  return EXIT_FAILED;
}

export const assignPolicy: Action = (args) => {
  const given = parseOptions(args, { ...common, ...oneSession, policy: { type: 'string' } }, retentionUsages.assign);
  const session = sessionOf(given, retentionUsages.assign);
  const policy = required(given.policy, '--policy', retentionUsages.assign);
  const actor = actorOf(given.by);
  return async (retention, streams) => {
    const assigned = await retention.assign(session, policy, actor);
    if (assigned === undefined) return noSession(streams);
    print(streams, given.json ?? false, { ...assigned, policy }, `Session ${printable(assigned.sessionKey)} has the policy ${policy}.`);
    return 0;
  };
};

export const hold: Action = (args) => {
  const options = { ...common, ...oneSession, reason: { type: 'string' }, list: { type: 'boolean' } } as const;
  const given = parseOptions(args, options, retentionUsages.hold);
  if (given.list === true) {
    const others = (['session', 'id', 'reason', 'by'] as const).filter((name) => given[name] !== undefined);
    if (others.length > 0)
      throw new UsageError(`--list places no hold: leave out --${others.join(', --')}, or --list.`, retentionUsages.hold);
    return listHolds(given.json ?? false);
  }
  const session = sessionOf(given, retentionUsages.hold);
  const reason = required(given.reason, '--reason', retentionUsages.hold);
  const actor = actorOf(given.by);
  requireRecordable(actor, reason);
  return async (retention, streams) => {
    const held = await retention.hold(session, reason, actor);
    if (held === undefined) return noSession(streams);
    print(streams, given.json ?? false, held, `Session ${printable(held.sessionKey)} is on legal hold.`);
    return 0;
  };
};

function listHolds(json: boolean): ReturnType<Action> {
  const columns = ['session', 'since', 'by', 'reason'].map((heading) => ({ heading, shrink: heading === 'reason' }));
  return async (retention, streams) => {
    const holds = await retention.listHolds(MOST_LISTED);
    const rows = holds.map(({ sessionKey, placedAt, placedBy, reason }) => [sessionKey, placedAt.toISOString(), placedBy, reason]);
    print(streams, json, holds, holds.length === 0 ? 'No session is on hold.' : renderTable(columns, rows, { columns: 120 }));
    return 0;
  };
}

export const release: Action = (args) => {
  const given = parseOptions(args, { ...common, ...oneSession }, retentionUsages.release);
  const session = sessionOf(given, retentionUsages.release);
  const actor = actorOf(given.by);
  return async (retention, streams) => {
    const released = await retention.release(session, actor);
    if (released === undefined) return noSession(streams);
    const text = released.changed ? 'is no longer on legal hold' : 'was not on legal hold';
    print(streams, given.json ?? false, released, `Session ${printable(released.sessionKey)} ${text}.`);
    return 0;
  };
};

/** Cannot be undone, so that it must be confirmed on the command line. */
export const erase: Action = (args) => {
  const given = parseOptions(args, { ...common, ...oneSession, yes: { type: 'boolean' } }, retentionUsages.erase);
  const session = sessionOf(given, retentionUsages.erase);
  required(given.yes === true ? 'yes' : undefined, '--yes (an erasure cannot be undone)', retentionUsages.erase);
  const actor = actorOf(given.by);
  return async (retention, streams) => {
    const outcome = await retention.erase(session, actor);
    if (outcome === undefined) return noSession(streams);
    const { sessionId, archiveCleared } = outcome;
    const done =
      outcome.kind === 'erased'
        ? `Session ${sessionId} is erased`
        : `Session ${sessionId} was deleted already, at ${outcome.deletedAt.toISOString()}`;
    const left = `, but an object of it may be left in the archive: the sweeps of the servers delete it. \`retention erase --id ${sessionId} --yes\` says later whether they did`;
    print(streams, given.json ?? false, outcome, `${done}${archiveCleared ? '' : left}.`);
    return 0;
  };
};
