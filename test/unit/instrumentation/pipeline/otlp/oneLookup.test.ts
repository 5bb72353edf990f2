import type { LookupFunction } from 'node:net';
import { expect, it } from 'vitest';
import { createOneLookup } from '../../../../../src/instrumentation/pipeline/otlp/oneLookup.js';

type Done = Parameters<LookupFunction>[2];

/** A lookup that answers when it is told to, and what it was asked for. */
function byHand(): { readonly lookup: LookupFunction; readonly asked: string[]; answer(...answer: Parameters<Done>): void } {
  const asked: string[] = [];
  const open: Done[] = [];
  return {
    asked,
    lookup: (hostname, { family }, done) => {
      asked.push(`${hostname} ${family ?? ''}`.trim());
      open.push(done);
    },
    answer: (...answer) => open.shift()?.(...answer),
  };
}

it('asks once for a name, whoever asks meanwhile, and gives all of them the answer', () => {
  const hand = byHand();
  const look = createOneLookup(hand.lookup);
  const answers: unknown[] = [];
  for (let n = 0; n < 20; n += 1) look('collector', { all: true }, (...answer) => answers.push(answer));
  expect(hand.asked).toEqual(['collector']);
  hand.answer(null, [{ address: '10.0.0.1', family: 4 }]);
  expect(answers).toEqual(Array.from({ length: 20 }, () => [null, [{ address: '10.0.0.1', family: 4 }]]));
  look('collector', { all: true }, () => undefined);
  expect(hand.asked).toHaveLength(2);
});

it('asks for one name at a time, and for each in its turn, also after one that failed', () => {
  const hand = byHand();
  const look = createOneLookup(hand.lookup);
  const answers: unknown[] = [];
  for (const name of ['a', 'b', 'a', 'c', 'b']) look(name, {}, (error, address) => answers.push([name, error?.code ?? address]));
  look('a', { family: 6 }, (error, address) => answers.push(['a 6', error?.code ?? address]));
  expect(hand.asked).toEqual(['a']);
  hand.answer(Object.assign(new Error('no answer'), { code: 'EAI_AGAIN' }), '', 0);
  expect(hand.asked).toEqual(['a', 'b']);
  hand.answer(null, '10.0.0.2', 4);
  hand.answer(null, '10.0.0.3', 4);
  hand.answer(null, '::1', 6);
  expect(hand.asked).toEqual(['a', 'b', 'c', 'a 6']);
  expect(answers).toEqual([
    ['a', 'EAI_AGAIN'],
    ['a', 'EAI_AGAIN'],
    ['b', '10.0.0.2'],
    ['b', '10.0.0.2'],
    ['c', '10.0.0.3'],
    ['a 6', '::1'],
  ]);
});

it('tells whoever asks that a lookup throws, and goes on', () => {
  const names: string[] = [];
  const look = createOneLookup((hostname, _options, done) => {
    names.push(hostname);
    if (hostname === 'bad') throw Object.assign(new TypeError('The property must be valid.'), { code: 'ERR_INVALID_ARG_VALUE' });
    done(null, '10.0.0.1', 4);
  });
  const answers: unknown[] = [];
  look('bad', {}, (error) => answers.push(error?.code));
  look('good', {}, (_error, address) => answers.push(address));
  expect(answers).toEqual(['ERR_INVALID_ARG_VALUE', '10.0.0.1']);
  expect(names).toEqual(['bad', 'good']);
});

it('lets those ask again at once who were answered', () => {
  const hand = byHand();
  const look = createOneLookup(hand.lookup);
  let tries = 0;
  const again = (): void => {
    tries += 1;
    if (tries < 4) look('collector', {}, again);
  };
  look('collector', {}, again);
  for (let n = 0; n < 3; n += 1) hand.answer(Object.assign(new Error('no answer'), { code: 'EAI_AGAIN' }), '', 0);
  expect([tries, hand.asked.length]).toEqual([3, 4]);
});

it('takes the first of two answers', () => {
  const asked: string[] = [];
  const open: Done[] = [];
  const look = createOneLookup((hostname, _options, done) => {
    asked.push(hostname);
    open.push(done);
  });
  const answers: unknown[] = [];
  for (const name of ['a', 'b', 'c']) look(name, {}, (_error, address) => answers.push([name, address]));
  open[0]?.(null, '10.0.0.1', 4);
  open[0]?.(null, '10.0.0.9', 4);
  expect([asked, answers]).toEqual([['a', 'b'], [['a', '10.0.0.1']]]);
});
