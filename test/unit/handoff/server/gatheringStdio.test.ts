import { PassThrough, Writable } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { GatheringStdioTransport } from '../../../../src/handoff/server/gatheringStdio.js';

/** Keeps what arrives, one item per write to the operating system. */
class Pipe extends Writable {
  readonly writes: string[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.writes.push(String(chunk));
    done();
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: () => void): void {
    this.writes.push(chunks.map(({ chunk }) => String(chunk)).join(''));
    done();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const answer = (id: number) => ({ jsonrpc: '2.0' as const, id, result: {} });
const ids = (write: string | undefined): number[] =>
  (write ?? '')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: number }).id);

it('writes the answers of one turn together and in order, and holds none back for longer', async () => {
  const pipe = new Pipe();
  const transport = new GatheringStdioTransport(new PassThrough() as unknown as NodeJS.ReadStream, pipe as unknown as NodeJS.WriteStream);
  await transport.start();
  await Promise.all([transport.send(answer(1)), transport.send(answer(2)), transport.send(answer(3))]);
  expect(pipe.writes).toEqual([]);
  await turn();
  expect(pipe.writes.map(ids)).toEqual([[1, 2, 3]]);
  void transport.send(answer(4));
  await turn();
  expect(pipe.writes.map(ids)).toEqual([[1, 2, 3], [4]]);
});

it('resolves when a slow reader has taken more than fits its buffer, and Node.js warns of nothing', async () => {
  const warned = vi.fn();
  process.on('warning', warned);
  const pipe = new Pipe({ highWaterMark: 64 });
  const transport = new GatheringStdioTransport(new PassThrough() as unknown as NodeJS.ReadStream, pipe as unknown as NodeJS.WriteStream);
  await transport.start();
  const sends = Array.from({ length: 100 }, (_, id) => transport.send(answer(id)));
  await Promise.all(sends);
  expect(pipe.writes.flatMap(ids)).toEqual(sends.map((_, id) => id));
  await turn();
  process.off('warning', warned);
  expect(warned.mock.calls).toEqual([]);
});
