import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createCapture } from '../../../../../src/instrumentation/mcp/content/capture.js';

const MEGABYTE = 1024 * 1024;
const capture = createCapture({ arguments: true, promptVariables: true, errorMessages: true });
const largest = createCapture({ arguments: true, errorMessages: true, maxBytes: 65_536, redactEmails: true });

/** The collector, in a process that was not started with `--expose-gc`. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/**
 * Processor time of this thread alone. That of the process would also count the threads that collect garbage and compile, which
 * a busy machine lets run at another time than the work that caused them, and so in the measurement of something else. The
 * least of several runs, since whatever else the machine does only adds to it, and a text that is slow to read is slow in each.
 */
function leastMs(work: () => unknown): number {
  const runs = Array.from({ length: 7 }, () => {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...runs);
}

// Read one by one, these would take from 100 ms to minutes; limits leave room for slow and busy machines.
describe('content of 50 MB', () => {
  it.each([
    ['one text', { text: 'secret text. '.repeat(4 * MEGABYTE) }],
    ['one word', { text: 'x'.repeat(50 * MEGABYTE) }],
    ['a list of numbers', Array.from({ length: 6 * MEGABYTE }, (_, index) => index)],
    ['a list of objects', Array.from({ length: 300_000 }, (_, id) => ({ id, text: `row ${id}`, tags: ['a', 'b'] }))],
    ['a blob', { content: [{ type: 'image', mimeType: 'image/png', data: 'A'.repeat(50 * MEGABYTE) }] }],
    ['binary data', { data: Buffer.alloc(50 * MEGABYTE) }],
    ['a set', new Set(Array.from({ length: MEGABYTE }, (_, index) => index))],
    ['holes', new Array(4_000_000_000)],
    ['a list without JSON forms', { a: Array.from({ length: 5 * MEGABYTE }, () => undefined) }],
  ])('%s costs a few milliseconds', (_what, value) => {
    expect(leastMs(() => capture?.argumentsOf('t', value))).toBeLessThan(25);
  });

  it('leaves nothing of it in memory once the attribute exists', () => {
    const collect = collector();
    collect();
    const before = process.memoryUsage().heapUsed;
    const kept = Array.from({ length: 40 }, (_, index) => {
      const text = `${index} ${'secret text. '.repeat(80_000)}`;
      return [capture?.argumentsOf('t', { text }), capture?.promptVariables('p', { text }), capture?.errorMessage(text)];
    });
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * MEGABYTE);
    expect(kept).toHaveLength(40);
  });
});

/** What is searched of a text, with the most that `maxBytes` allows. */
const SEARCHED_CHARS = 65_536 + 4096;
/** What the kernel counts in one step is too little to tell anything from. */
const NOISE_MS = 20;

describe('content made to be slow', () => {
  const size = 200_000;
  it.each([
    ['colons', ':'.repeat(size)],
    ['sensitive keys', 'password:'.repeat(size / 9)],
    ['sensitive keys and quotes', 'token="'.repeat(size / 7)],
    ['backslashes', `token={${'\\'.repeat(size)}`],
    ['quotes and backslashes', 'pin="\\\\"'.repeat(size / 8)],
    ['open tags', '<password>'.repeat(size / 10)],
    ['flags', '--pass'.repeat(size / 6)],
    ['blanks', `token:${' '.repeat(size)}`],
    ['lines', `token:\n  a${'\n  b'.repeat(size / 4)}`],
    ['brackets', `token:${'['.repeat(size)}`],
    ['beginnings of keys', '-----BEGIN PRIVATE KEY'.repeat(size / 22)],
    ['beginnings of JWTs', 'eyJ-'.repeat(size / 4)],
    ['digits', '4 '.repeat(size / 2)],
    ['grouped digits', '4111 1111 1111 1112 '.repeat(size / 20)],
    ['slashes', '//a'.repeat(size / 3)],
    ['letters of mail addresses', 'a.'.repeat(size / 2)],
    ['base64', 'aB3/'.repeat(size / 4)],
    ['bearers', 'Bearer '.repeat(size / 7)],
  ])('of %s costs milliseconds, in proportion to its length', (_what, text) => {
    const quarterMs = leastMs(() => largest?.errorMessage(text.slice(0, SEARCHED_CHARS / 4)));
    const wholeMs = leastMs(() => largest?.errorMessage(text));
    // Cores that are shared with other work take up to twice as long for the same; what took quadratic time would take sixteen times as
    // long.
    expect(wholeMs).toBeLessThan(8 * quarterMs + NOISE_MS);
    expect(wholeMs).toBeLessThan(150);
    expect(
      leastMs(() =>
        largest?.argumentsOf(
          't',
          Array.from({ length: 200 }, () => text),
        ),
      ),
    ).toBeLessThan(250);
  });

  it('of secrets that leave room when they go is given up in time', () => {
    const shrinking = Array.from({ length: 5000 }, () => `ghp_${'x'.repeat(60_000)}`);
    expect(leastMs(() => largest?.argumentsOf('t', shrinking))).toBeLessThan(250);
    expect(Object.values(largest?.argumentsOf('t', shrinking) ?? {}).join()).toContain('[truncated]');
  });

  it('of keys without values is given up in time', () => {
    const empty = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`k${index}`, undefined]));
    expect(Object.values(capture?.argumentsOf('t', empty) ?? {})).toEqual(['{"[truncated]":true}']);
  });
});
