import { open } from 'node:fs/promises';
import { EXIT_FAILED } from '../command.js';
import type { OpenArchive } from '../../archive/readArchive.js';
import { bytesText } from './bytesText.js';
import { forEachNamed } from './session.js';
import type { ArchiveSession } from './session.js';

const PROGRESS_MS = 2000;
const PRIVATE_FILE = 0o600;

/** `handoff-otel archive export`: the lines of an archive, uncompressed, on stdout or into a new file. */
export async function exportLines(session: ArchiveSession): Promise<number> {
  const { out } = session.options;
  const file = out === undefined ? undefined : await open(out, 'wx', PRIVATE_FILE);
  try {
    let without = 0;
    const unknown = await forEachNamed(session, async ({ session_id: sessionId, session_key: sessionKey }) => {
      const archive = await session.archive.read(sessionId);
      if (archive === undefined) {
        without += 1;
        session.streams.err(`${sessionKey} has no object in the archive.\n`);
        return;
      }
      await copy(session, archive, sessionKey, async (text) => {
        if (file === undefined) session.streams.out(text);
        else await file.write(text);
      });
    });
    return unknown > 0 || without > 0 ? EXIT_FAILED : 0;
  } finally {
    await file?.close();
  }
}

async function copy(
  { streams, nowMs }: ArchiveSession,
  archive: OpenArchive,
  sessionKey: string,
  write: (text: string) => Promise<void>,
): Promise<void> {
  let saidMs = nowMs();
  let lines = 0;
  let bytes = 0;
  for await (const { kind, row } of archive.lines()) {
    const text = `{"${kind}":${row}}\n`;
    await write(text);
    lines += 1;
    bytes += Buffer.byteLength(text);
    if (nowMs() - saidMs < PROGRESS_MS) continue;
    saidMs = nowMs();
    streams.err(`${sessionKey}: ${lines} lines, ${bytesText(bytes)} so far\n`);
  }
  streams.err(`${sessionKey}: ${lines} lines, ${bytesText(bytes)}.\n`);
}
