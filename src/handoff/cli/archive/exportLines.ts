import { EXIT_FAILED } from '../command.js';
import type { OpenArchive } from '../../archive/readArchive.js';
import { bytesText } from '../render/bytesText.js';
import { writeNewFile } from '../newFile.js';
import { forEachNamed, say } from './session.js';
import type { ArchiveSession } from './session.js';
import { archiveUsages } from '../usages.js';

const PROGRESS_MS = 2000;

type Write = (text: string) => Promise<void>;

/** `handoff-otel archive export`: the lines of archives, uncompressed, on stdout or into a new file that has all of them or is not made. */
export async function exportLines(session: ArchiveSession): Promise<number> {
  const { options, streams } = session;
  if (options.out === undefined) return (await exportAll(session, (text) => toStdout(streams, text))) ? 0 : EXIT_FAILED;
  if (await writeNewFile(options.out, archiveUsages.export, (write) => exportAll(session, write))) return 0;
  streams.err(`${options.out} was not written, because not every session could be exported.\n`);
  return EXIT_FAILED;
}

async function toStdout({ out, caughtUp }: ArchiveSession['streams'], text: string): Promise<void> {
  out(text);
  await caughtUp?.();
}

/** Returns whether every session that was named has an object. */
async function exportAll(session: ArchiveSession, write: Write): Promise<boolean> {
  let without = 0;
  const unknown = await forEachNamed(session, async ({ session_id: sessionId, session_key: sessionKey }) => {
    const archive = await session.archive.read(sessionId);
    if (archive === undefined) {
      without += 1;
      say(session, `${sessionKey} has no object in the archive.`);
      return;
    }
    await copy(session, archive, sessionKey, write);
  });
  return unknown + without === 0;
}

async function copy(session: ArchiveSession, archive: OpenArchive, sessionKey: string, write: Write): Promise<void> {
  let saidMs = session.nowMs();
  let lines = 0;
  let bytes = 0;
  for await (const { kind, row } of archive.lines()) {
    const text = `{"${kind}":${row}}\n`;
    await write(text);
    lines += 1;
    bytes += Buffer.byteLength(text);
    if (session.nowMs() - saidMs < PROGRESS_MS) continue;
    saidMs = session.nowMs();
    say(session, `${sessionKey}: ${lines} lines, ${bytesText(bytes)} so far`);
  }
  say(session, `${sessionKey}: ${lines} lines, ${bytesText(bytes)}.`);
}
