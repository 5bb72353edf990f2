import { EXIT_FAILED } from '../command.js';
import type { DescribedSession } from '../../archive/sql/describedArchive.js';
import { bytesText } from '../render/bytesText.js';
import { attempt, forEachNamed, say, show } from './session.js';
import type { ArchiveSession } from './session.js';

const PAGE = 200;
const PROGRESS_MS = 2000;
const MAX_UNREAD_IN_A_ROW = 10;

/** `handoff-otel archive verify`: exits with 1 if any object is missing or damaged. */
export async function verify(session: ArchiveSession): Promise<number> {
  const tally = new Tally(session);
  const unknown = session.options.all ? await verifyAll(session, tally) : await forEachNamed(session, (found) => tally.verify(found));
  tally.finish();
  return tally.isClean && unknown === 0 ? 0 : EXIT_FAILED;
}

async function verifyAll(session: ArchiveSession, tally: Tally): Promise<number> {
  for (let after = session.options.after; ; ) {
    const page = await session.archive.list(after, PAGE);
    for (const found of page) {
      await tally.verify(found);
      if (!tally.isStuck) continue;
      const from = tally.lastReadId === undefined ? '' : ` --after ${tally.lastReadId}`;
      say(
        session,
        `Stopped, because the archive cannot be read. When it is available again, continue with: handoff-otel archive verify --all${from}`,
      );
      return 0;
    }
    after = page.at(-1)?.session_id;
    if (after === undefined) return 0;
  }
}

class Tally {
  readonly #session: ArchiveSession;
  #saidMs: number;
  #intact = 0;
  #bytes = 0;
  #unread = 0;
  #unreadInARow = 0;
  #damaged = 0;
  lastReadId: string | undefined;

  constructor(session: ArchiveSession) {
    this.#session = session;
    this.#saidMs = session.nowMs();
  }

  async verify({ session_id: sessionId, session_key: sessionKey }: DescribedSession): Promise<void> {
    const session = this.#session;
    const outcome = await attempt(session, { sessionId, sessionKey }, () => session.archive.verify(sessionId));
    if (outcome === undefined) {
      this.#unread += 1;
      this.#unreadInARow += 1;
      return;
    }
    this.#unreadInARow = 0;
    this.lastReadId = sessionId;
    if (outcome.kind === 'damaged') {
      this.#damaged += 1;
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

  get isClean(): boolean {
    return this.#damaged + this.#unread === 0;
  }

  /** Whether the store seems to be down, so that going on would only take long. */
  get isStuck(): boolean {
    return this.#unreadInARow >= MAX_UNREAD_IN_A_ROW;
  }

  finish(): void {
    this.#session.streams.err(`${this.#counts()}.\n`);
  }

  #counts(): string {
    const unread = this.#unread === 0 ? '' : `, ${this.#unread} could not be read`;
    return `${this.#intact} intact (${bytesText(this.#bytes)}), ${this.#damaged} damaged${unread}`;
  }
}
