import { EXIT_FAILED } from '../command.js';
import { attempt, forEachNamed, show } from './session.js';
import type { ArchiveSession } from './session.js';

const REASONS = {
  session_not_found: 'it was deleted meanwhile',
  session_not_archived: 'it is not archived',
  session_changed: 'another process restored or deleted it meanwhile',
} as const;

/** `handoff-otel archive restore`: exits with 1 if any session was not restored. */
export async function restore(session: ArchiveSession): Promise<number> {
  let failed = 0;
  const unknown = await forEachNamed(session, async ({ session_id: sessionId, session_key: sessionKey }) => {
    const outcome = await attempt(session, { sessionId, sessionKey }, () =>
      session.archive.restore(sessionId, 'handoff-otel archive restore'),
    );
    if (outcome === undefined) {
      failed += 1;
      return;
    }
    if (outcome.kind === 'restored') {
      const { status, entries } = outcome;
      show(
        session,
        { sessionId, sessionKey, result: 'restored', status, entries },
        `restored ${sessionKey}: ${status}, ${entries} entries`,
      );
      return;
    }
    failed += 1;
    show(session, { sessionId, sessionKey, result: outcome.kind }, `skipped  ${sessionKey}: ${REASONS[outcome.kind]}`);
  });
  return failed > 0 || unknown > 0 ? EXIT_FAILED : 0;
}
