import type { Archive } from '../../archive/archive.js';
import type { DescribedSession } from '../../archive/sql/describedArchive.js';
import { isArchiveError } from '../../../errors/archiveErrors.js';
import { printable } from '../render/width.js';
import type { Streams } from '../streams.js';

/** What the subcommands of `handoff-otel archive` work with. */
export interface ArchiveSession {
  readonly archive: Archive;
  readonly streams: Streams;
  readonly options: ArchiveCommandOptions;
  /** Session keys or ids, as given. */
  readonly named: readonly string[];
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number;
}

export interface ArchiveCommandOptions {
  readonly all: boolean;
  readonly json: boolean;
  /** Sessions of one page. */
  readonly limit: number;
  readonly after: string | undefined;
  readonly out: string | undefined;
}

/** Writes a result: as JSON on a line of its own, or as text, with which a session's key must not control the terminal. */
export function show({ streams, options }: ArchiveSession, json: object, text: string): void {
  streams.out(options.json ? `${JSON.stringify(json)}\n` : `${printable(text)}\n`);
}

/** Says something about the work on stderr. */
export function say({ streams }: ArchiveSession, text: string): void {
  streams.err(`${printable(text)}\n`);
}

/**
 * Runs `work` on one session. What is wrong with its object, or with reading it, is shown and makes the result `undefined`, so that one
 * object does not keep the others from their turn; anything else is thrown.
 */
export async function attempt<T>(
  session: ArchiveSession,
  named: { readonly sessionId: string; readonly sessionKey: string },
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isArchiveError(error)) throw error;
    const { code, message } = error;
    show(session, { ...named, result: 'failed', code, message }, `failed   ${named.sessionKey}: ${message}`);
    return undefined;
  }
}

/** Runs `work` for each session that was named. Returns how many were not found, which is said on stderr. */
export async function forEachNamed(session: ArchiveSession, work: (found: DescribedSession) => Promise<void>): Promise<number> {
  let unknown = 0;
  for (const keyOrId of session.named) {
    const found = await session.archive.find(keyOrId);
    if (found === undefined) {
      unknown += 1;
      say(session, `There is no session ${keyOrId}.`);
    } else await work(found);
  }
  return unknown;
}
