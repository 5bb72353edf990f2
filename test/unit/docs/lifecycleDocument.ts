import { transitionNames, transitions } from '../../../src/handoff/lifecycle/transitionTable.js';
import type { Transition } from '../../../src/handoff/lifecycle/transitionTable.js';
import { sessionStates } from '../../../src/handoff/sessions/sessionState.js';
import type { SessionState } from '../../../src/handoff/sessions/sessionState.js';

const HEAD = `# Life of a session

The picture and the table are generated from \`src/handoff/lifecycle/transitionTable.ts\` by \`npm run docs\`; a test fails when they
differ. The database's clock decides what is due, so that the clocks of replicas do not matter.
`;

const NOTES = `
A transition that is not in the table is refused with \`HANDOFF_TRANSITION_REFUSED\`, which names the current state and what it allows
([errors.md](errors.md#lifecycle-of-sessions)). Asking again for what is so already does nothing. Each transition writes one event to
\`session_lifecycle\`, in the statement that makes it; \`event_data.cause\` says why, and \`event_data.traceparent\` in which trace.
A sweep that changes sessions has links to the last traces in which agents and operators changed some of them (registered, woke, answered,
restored, ...), 16 for each of its first two batches. An entry alone, or a handoff that leaves the state as it is, writes no event and is not found.

## When a session is due

- **Expiry.** A session expires when it was idle for \`ttl_hours\`; any entry or handoff starts that time anew. \`expires_at\` is only
  the earliest time at which a sweep looks: one that finds the session in use moves it on. Where \`scheduleExpiration\` has fixed the
  time, \`ttl_hours\` is NULL and activity does not move it.
- **Dormancy.** Likewise by \`dormancy_check_at\` and the \`dormantThresholdHours\` of the session's policy. A dormant session loses its
  latest entry from the cache; packages of handoffs stay until their target has had its day.
- **Archive.** A session that has expired is archived by the next sweep, also where an operator or the sweep of abandoned sessions ended
  it early; a completed one when it was idle for its time to live.
- **Purge.** A session is deleted when it was archived for the \`archivedSessionTtl\` of its policy, unless it is on legal hold.
  \`deletion_records\` says when and why; the object in cold storage goes after the commit.
- **Abandoned sessions** (idle for 7 days, without any entry or without an owner) expire, whatever their time to live.

Policies are read by every statement that needs them, so that a change acts at once on all replicas. A policy that does not exist
counts as \`standard\`.

## Sweeps

Sweeps take what is due in batches of 1000, oldest first, and pause 20 ms between two batches. They lock what they take, pass over what
another transaction holds, and judge each row as it is once it is locked: an entry that commits first keeps its session alive, and an
entry never waits for more than one batch. Any number of processes may sweep at once; each transition happens once. The names are those of
\`handoff.sweep.name\`; the method for \`expire\` is \`lifecycle.sweeps.expired()\`, and the others are called as they are named.

| Sweep | What it does |
|---|---|
| \`expire\` | ends sessions that are due; gives one without a time of expiry (an earlier server may leave it out) its policy's |
| \`dormant\` | marks idle sessions dormant and drops the preview of their latest entry from the cache |
| \`orphans\` | ends abandoned sessions; deletes entries without a session where no foreign key forbids them; removes what unfinished archives left |
| \`purge\` | deletes archived sessions. A session goes whole, so that a legal hold never covers half of one. Those to which a foreign key of your own leads (without \`ON DELETE CASCADE\`) are passed over, and the sweep fails when all others are gone |
| \`integrity\` | looks for an unknown status (\`unknown_status\`), entries beside an archive of the same session (\`archived_twice\`) and gaps in the numbers of entries (\`sequence_gap\`). Each is recorded once, as an event \`corrupt\`, and counted; nothing is deleted or made up. It looks at all entries, of a long session in parts, and goes on where it was stopped |
| \`cache\` | drops cache entries of sessions that became dormant or ended since the last time. The cache in memory is that of one process; in other processes entries run out by themselves |

The jobs \`session-cleanup\`, \`dormant-detection\`, \`retention-enforcement\` and \`cache-optimization\` run them. A server also sweeps
what is due once when it has started, for at most 30 seconds each, without delaying its first answer.
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
