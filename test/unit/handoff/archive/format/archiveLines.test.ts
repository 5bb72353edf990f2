import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archiveLines, lineCounts } from '../../../../../src/handoff/archive/format/archiveLines.js';
import type { ArchiveLine } from '../../../../../src/handoff/archive/format/archiveLines.js';
import { ArchiveWriter, sha256Of } from '../../../../../src/handoff/archive/format/archiveWriter.js';

const HEADER = JSON.stringify({ format: 'handoff-session-archive', version: 1, sessionId: 'x' });
const END = JSON.stringify({ entry: 1, snapshot: 0, handoff: 0, event: 0 });

/** Any character; the library's own unit for this takes seconds to set up. */
const character = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

async function linesOf(body: Uint8Array): Promise<ArchiveLine[]> {
  const lines: ArchiveLine[] = [];
  for await (const line of archiveLines(body)) lines.push(line);
  return lines;
}

const zipped = (...lines: string[]): Buffer => gzipSync(lines.map((line) => `${line}\n`).join(''));

describe('an archive', () => {
  it('gives back the rows that were written, whatever is in them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: character, maxLength: 200 }), { maxLength: 30 }), async (texts) => {
        const rows = texts.map((text) => JSON.stringify({ text }));
        const writer = new ArchiveWriter();
        await writer.write('archive', [HEADER]);
        await writer.write('entry', rows);
        await writer.write('end', [END]);
        const { body, sha256, contentBytes } = await writer.end();
        expect(sha256).toBe(sha256Of(body));
        const lines = await linesOf(body);
        expect(lines.slice(1, -1)).toEqual(rows.map((row) => ({ kind: 'entry', row })));
        expect(contentBytes).toBe(lines.reduce((sum, { kind, row }) => sum + Buffer.byteLength(`{"${kind}":${row}}\n`), 0));
      }),
      { numRuns: 10 },
    );
  });

  it('may have rows larger than what is decompressed at once', async () => {
    const row = JSON.stringify({ text: 'ü'.repeat(200_000) });
    const lines = await linesOf(zipped(`{"archive":${HEADER}}`, `{"entry":${row}}`, `{"entry":{}}`, `{"end":${END}}`));
    expect(lines.map((line) => line.row.length)).toEqual([HEADER.length, row.length, 2, END.length]);
  });

  it('says in its last line how many rows it has', async () => {
    const [, last] = await linesOf(zipped(`{"archive":${HEADER}}`, `{"end":${END}}`));
    expect(last === undefined ? undefined : lineCounts(last)).toEqual({ entry: 1, snapshot: 0, handoff: 0, event: 0 });
  });

  it.each([
    ['is not compressed', Buffer.from('{"archive":{}}'), /decompressed/],
    ['was cut', zipped(`{"archive":${HEADER}}`, `{"end":${END}}`).subarray(0, -9), /decompressed/],
    ['is empty', gzipSync(''), /before its last line/],
    ['does not begin as one', zipped('{"entry":{}}'), /does not begin/],
    ['ends before its end', zipped(`{"archive":${HEADER}}`, '{"entry":{}}'), /before its last line/],
    ['ends in the middle of a line', gzipSync(`{"archive":${HEADER}}\n{"entry":{`), /middle of a line/],
    ['has a line of another kind', zipped(`{"archive":${HEADER}}`, '{"other":{}}'), /no known kind/],
    ['is of a later format', zipped(`{"archive":${HEADER.replace('"version":1', '"version":2')}}`), /format 2.*formats up to 1/],
    ['has no version', zipped('{"archive":{}}'), /lacks the number version/],
  ])('that %s is refused', async (_what, body, reason) => {
    await expect(linesOf(body)).rejects.toThrow(reason);
    await expect(linesOf(body)).rejects.toMatchObject({ name: 'UnreadableArchive' });
  });
});
