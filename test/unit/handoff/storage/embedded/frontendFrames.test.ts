import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryMessage, startupMessage, syncMessage } from '../../../../../src/handoff/storage/embedded/backendMessages.js';
import { FrontendFrames } from '../../../../../src/handoff/storage/embedded/frontendFrames.js';

describe('FrontendFrames', () => {
  it('finds the same messages however the stream is cut', () => {
    const startup = startupMessage({ user: 'a' });
    const messages = [queryMessage('SELECT 1'), syncMessage, queryMessage('x'.repeat(500)), syncMessage];
    const stream = Buffer.concat([startup, ...messages]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 12 }), (cuts) => {
        const frames = new FrontendFrames();
        const seen: Buffer[] = [];
        const edges = [0, ...[...new Set(cuts)].sort((a, b) => a - b), stream.length];
        for (const [index, edge] of edges.slice(1).entries()) {
          frames.push(stream.subarray(edges[index], edge));
          for (let frame = frames.next(); frame !== undefined; frame = frames.next()) {
            if (seen.length === 0) frames.sessionStarted();
            seen.push(frame.bytes);
          }
        }
        expect(seen).toEqual([startup, ...messages]);
      }),
    );
  });

  it('names the type of a message, and none for the opening one', () => {
    const frames = new FrontendFrames();
    frames.push(startupMessage({ user: 'a' }));
    expect(frames.next()?.type).toBe('');
    frames.sessionStarted();
    frames.push(syncMessage);
    expect(frames.next()?.type).toBe('S');
    expect(frames.next()).toBeUndefined();
  });

  it('refuses a length no PostgreSQL client would send', () => {
    const frames = new FrontendFrames();
    frames.push(Buffer.from('GET / HTTP/1.1\r\n'));
    expect(() => frames.next()).toThrow(RangeError);
  });
});
