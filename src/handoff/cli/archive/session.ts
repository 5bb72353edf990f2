import type { Archive } from '../../archive/archive.js';
import type { DescribedSession } from '../../archive/sql/describedArchive.js';
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

/** Writes a result: as JSON on a line of its own, or as text. */
export function show({ streams, options }: ArchiveSession, json: object, text: string): void {
  streams.out(options.json ? `${JSON.stringify(json)}\n` : `${text}\n`);
}

/** Runs `work` for each session that was named. Returns how many were not found, which is said on stderr. */
export async function forEachNamed(session: ArchiveSession, work: (found: DescribedSession) => Promise<void>): Promise<number> {
  let unknown = 0;
  for (const keyOrId of session.named) {
    const found = await session.archive.find(keyOrId);
    if (found === undefined) {
      unknown += 1;
      session.streams.err(`There is no session ${keyOrId}.\n`);
    } else await work(found);
  }
  return unknown;
}
