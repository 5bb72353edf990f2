import { EXIT_FAILED } from '../command.js';
import type { DescribedSession } from '../../archive/sql/describedArchive.js';
import { bytesText } from './bytesText.js';
import { forEachNamed, show } from './session.js';
import type { ArchiveSession } from './session.js';

const PAGE = 200;
const PROGRESS_MS = 2000;

/** `handoff-otel archive verify`: exits with 1 if any object is missing or damaged. */
export async function verify(session: ArchiveSession): Promise<number> {
  const tally = new Tally(session);
  const unknown = session.options.all ? await verifyAll(session, tally) : await forEachNamed(session, (found) => tally.verify(found));
  tally.finish();
  return tally.damaged > 0 || unknown > 0 ? EXIT_FAILED : 0;
}

async function verifyAll({ archive, options }: ArchiveSession, tally: Tally): Promise<number> {
  for (let after = options.after; ; ) {
    const page = await archive.list(after, PAGE);
    for (const found of page) await tally.verify(found);
    after = page.at(-1)?.session_id;
    if (after === undefined) return 0;
  }
}

class Tally {
  readonly #session: ArchiveSession;
  #saidMs: number;
  #intact = 0;
  #bytes = 0;
  damaged = 0;

  constructor(session: ArchiveSession) {
    this.#session = session;
    this.#saidMs = session.nowMs();
  }

  async verify({ session_id: sessionId, session_key: sessionKey }: DescribedSession): Promise<void> {
    const session = this.#session;
    const outcome = await session.archive.verify(sessionId);
    if (outcome.kind === 'damaged') {
      this.damaged += 1;
      const { code, message } = outcome.error;
      show(session, { sessionId, sessionKey, result: 'damaged', code, message }, `damaged  ${sessionKey}: ${message}`);
    } else if (outcome.kind === 'intact') {
      this.#intact += 1;
      this.#bytes += outcome.storedBytes;
      const { entries, storedBytes } = outcome;
      // Of millions only what is wrong is of interest.
      if (!session.options.all) {
        show(
          session,
          { sessionId, sessionKey, result: 'intact', entries, storedBytes },
          `intact   ${sessionKey}: ${entries} entries, ${bytesText(storedBytes)}`,
        );
      }
    } else show(session, { sessionId, sessionKey, result: outcome.kind }, `none     ${sessionKey}: has no object in the archive`);
    if (session.nowMs() - this.#saidMs >= PROGRESS_MS) {
      this.#saidMs = session.nowMs();
      session.streams.err(`${this.#counts()} so far, at session ${sessionId}\n`);
    }
  }

  finish(): void {
    this.#session.streams.err(`${this.#counts()}.\n`);
  }

  #counts(): string {
    return `${this.#intact} intact (${bytesText(this.#bytes)}), ${this.damaged} damaged`;
  }
}
