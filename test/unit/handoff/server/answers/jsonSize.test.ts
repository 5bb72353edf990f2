import { describe, expect, it } from 'vitest';
import { jsonText, longestPrefix, mostWireBytes, wireBytes } from '../../../../../src/handoff/server/answers/jsonSize.js';
import { metadata, seeded, text } from '../../../../setup/legalContent.js';

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed + 1);

/** Size of an answer as the protocol carries it, less what is the same without the value. */
function carried(value: unknown, isStructured: boolean): number {
  const message = (body: object): number => Buffer.byteLength(JSON.stringify({ jsonrpc: '2.0', id: 1, result: body }));
  const full = { content: [{ type: 'text', text: jsonText(value) }], ...(isStructured ? { structuredContent: value } : {}) };
  return message(full) - message({ content: [{ type: 'text', text: '' }], ...(isStructured ? { structuredContent: 0 } : {}) });
}

describe.each([true, false])('the size of a value (structured: %s)', (isStructured) => {
  it.each(SEEDS)('is what it takes on the wire, and never more than the estimate (seed %d)', (seed) => {
    const random = seeded(seed);
    const value = {
      content: text(random, 3000),
      metadata: metadata(random, 5000),
      createdAt: new Date(seed),
      nothing: null,
      list: [{ yes: true, n: -1.2345678901234567e-300 }, [], {}],
    };
    const bytes = wireBytes(value, isStructured);
    expect(bytes - carried(value, isStructured)).toBeGreaterThanOrEqual(0);
    expect(bytes - carried(value, isStructured)).toBeLessThan(4);
    expect(mostWireBytes(value)).toBeGreaterThanOrEqual(wireBytes({ '': [value] }, isStructured) - 20);
  });

  it.each(SEEDS)('limits a text to the longest beginning that fits (seed %d)', (seed) => {
    const random = seeded(seed);
    const whole = text(random, 2000);
    const all = wireBytes(whole, isStructured) - wireBytes('', isStructured);
    const bytes = Math.floor(all * random());
    const { text: prefix, characters } = longestPrefix(whole, bytes, isStructured);
    expect(whole.startsWith(prefix)).toBe(true);
    expect(prefix.isWellFormed()).toBe(true);
    expect([...prefix]).toHaveLength(characters);
    expect(wireBytes(prefix, isStructured) - wireBytes('', isStructured)).toBeLessThanOrEqual(bytes);
    const more = [...whole].slice(0, characters + 1).join('');
    expect(wireBytes(more, isStructured) - wireBytes('', isStructured)).toBeGreaterThan(bytes);
    expect(longestPrefix(whole, all, isStructured).text).toBe(whole);
  });
});
