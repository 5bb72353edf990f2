import { transitionNames, transitions } from '../../../src/handoff/lifecycle/transitionTable.js';
import type { Transition } from '../../../src/handoff/lifecycle/transitionTable.js';
import { sessionStates } from '../../../src/handoff/sessions/sessionState.js';
import type { SessionState } from '../../../src/handoff/sessions/sessionState.js';

const HEAD = `# Life of a session

The states of a session, and what changes them and when. For how to change the times, see [retention.md](retention.md). All times are measured by the
clock of the database, so the clocks of replicas do not matter.

The diagram and the table are generated from \`src/handoff/lifecycle/transitionTable.ts\` by \`npm run docs\`; a test fails when they
differ.
`;

const NOTES = `
A transition that is not in the table is refused with \`HANDOFF_TRANSITION_REFUSED\`, which names the current state and the transitions that it allows
([errors.md](errors.md#lifecycle-of-sessions)). Requesting a state that the session already has does nothing. Each transition writes one event to
\`session_lifecycle\`, in the same statement; \`event_data.cause\` has the cause, and \`event_data.traceparent\` the trace.

The span of a sweep has links to traces in which agents and operators last changed the state of its sessions (by registering, waking, accepting, restoring
and so on), 16 for each of its first two batches. An entry, or a handoff that does not change the state, writes no event and is not linked.

## When a session is due

- **Expiry.** A session expires when it has been idle for \`ttl_hours\`; every entry and every handoff restarts that time. \`expires_at\` is only
  the earliest time at which a sweep checks the session; if the session was used in the meantime, the sweep moves \`expires_at\`. If the time was fixed with
  \`scheduleExpiration\`, \`ttl_hours\` is NULL, and activity does not change it.
- **Dormancy** works in the same way, with \`dormancy_check_at\` and the \`dormantThresholdHours\` of the session's policy. When a session becomes dormant, its
  latest entry is removed from the cache; handoff packages stay in the cache for their full day.
- **Archiving.** An expired session is archived by the next sweep, even if an operator or the sweep of abandoned sessions expired
  it early. A completed session is archived when it has been idle for its time to live.
- **Purge.** A session is deleted when it has been archived for the \`archivedSessionTtl\` of its policy, unless it is on legal hold.
  The table \`deletion_records\` says when and why. Its object in the archive is deleted after the transaction has committed.
- **Abandoned sessions** (idle for 7 days, without any entry or without an owner) expire, whatever their time to live.

Every statement reads the policies that it needs, so that a change takes effect at once on all replicas. A policy that does not exist
is treated as \`standard\`.

## Sweeps

Sweeps process due sessions in batches of 1000, oldest first, with a pause of 20 ms between batches. They lock the rows that they take, skip rows that
another transaction has locked, and check each row again once it is locked. An entry that is committed before the sweep has locked its session therefore keeps the session alive, and an
entry never waits for more than one batch. Any number of processes may sweep at the same time; each transition happens once. The names below are those in
\`handoff.sweep.name\`. The methods of \`lifecycle.sweeps\` have the same names, except that the one for \`expire\` is \`expired()\`.

| Sweep | What it does |
|---|---|
| \`expire\` | expires sessions that are due; a session without an expiry time (an earlier version of the server may have omitted it) gets that of its policy |
| \`dormant\` | marks idle sessions dormant and removes the preview of their latest entry from the cache |
| \`orphans\` | expires abandoned sessions; deletes entries without a session, if no foreign key prevents them; removes what unfinished archiving left behind |
| \`purge\` | deletes archived sessions. Each is deleted as a whole, so that a legal hold never covers only a part of one. Sessions that a foreign key of your own refers to (without \`ON DELETE CASCADE\`) are skipped, and the sweep fails after it has deleted all others |
| \`integrity\` | looks for unknown states (\`unknown_status\`), sessions that have entries both in the database and in the archive (\`archived_twice\`) and gaps in the numbers of entries (\`sequence_gap\`). Each is recorded once, as an event \`corrupt\`, and counted; nothing is deleted or repaired. It checks all entries, those of a long session in several steps, and continues where it was stopped |
| \`cache\` | removes cache entries of sessions that became dormant or ended since the last run. An in-process cache is only cleared in the process that runs the sweep; in other processes, entries expire |

The jobs \`session-cleanup\`, \`dormant-detection\`, \`retention-enforcement\` and \`cache-optimization\` run the sweeps;
\`session-cleanup\` and \`retention-enforcement\` also archive sessions that are due. After it has started, a server does all of this once, except for the sweep
\`cache\`, for at most 30 seconds each (\`integrity\`: 5 seconds) and without delaying its first answer.
`;

/** The whole of `docs/lifecycle.md`. */
export function lifecycleDocument(): string {
  return `${HEAD}\n${picture()}\n${table()}\n${NOTES}`;
}

function picture(): string {
  const arrows = transitionNames.flatMap((name) => arrowsOf(transitions[name]));
  const lines = ['[*] --> active : register (agent)', ...arrows, 'purged --> [*]'];
  return ['```mermaid', 'stateDiagram-v2', ...lines.map((line) => `  ${line}`), '```', ''].join('\n');
}

function arrowsOf({ name, from, to, by }: Transition): string[] {
  return from.flatMap((state) => targets(to).map((target) => `${state} --> ${target} : ${name} (${by.join(', ')})`));
}

/** A restored session has the state that it was archived in. */
function targets(to: Transition['to']): readonly SessionState[] {
  return to === 'before' ? sessionStates.filter((state) => transitions.archive.from.includes(state)) : [to];
}

function table(): string {
  const rows = transitionNames.map((name) => {
    const { from, to, by, when } = transitions[name];
    return `| \`${name}\` | ${from.join(', ')} | ${to === 'before' ? 'the state before' : to} | ${by.join(', ')} | ${when} |`;
  });
  return ['| Transition | From | To | By | When |', '|---|---|---|---|---|', ...rows, ''].join('\n');
}
