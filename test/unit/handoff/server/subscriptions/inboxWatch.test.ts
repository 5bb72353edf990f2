import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterEach, expect, it } from 'vitest';
import { inboxAddress, inboxNamedBy } from '../../../../../src/handoff/server/resources/inboxAddress.js';
import { createInboxWatch } from '../../../../../src/handoff/server/subscriptions/inboxWatch.js';
import type { Arrivals } from '../../../../../src/handoff/server/subscriptions/inboxWatch.js';
import { isTracingSuppressed } from '../../../../../src/logging/suppression.js';
import { systemClock } from '../../../../../src/time/clock.js';

type Answer = Awaited<ReturnType<Arrivals>>;

/** A database that answers when a test says so, and a clock whose sleeps end at once. */
class Questions {
  asked = 0;
  #waiting: ((answer: Answer | Error) => void) | undefined;

  readonly arrivals: Arrivals = () => {
    this.asked += 1;
    return new Promise((resolve, reject) => {
      this.#waiting = (answer) => (answer instanceof Error ? reject(answer) : resolve(answer));
    });
  };

  /** Answers the question that waits, and lets what follows run until the next one is asked. */
  async answer(answer: Answer | Error): Promise<void> {
    this.#waiting?.(answer);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const slept: number[] = [];
const waits: unknown[] = [];
const clock = {
  ...systemClock,
  sleep: async (durationMs: number, { unref }: { readonly unref?: boolean } = {}): Promise<void> => {
    slept.push(durationMs);
    waits.push(unref);
  },
};
const to = (targetAgent: string, handoffId: string) => ({ targetAgent, handoffId });
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
  slept.length = 0;
  waits.length = 0;
});

it('tells each handoff once, by the address of the inbox, however long it is among the arrivals', async () => {
  const questions = new Questions();
  const told: string[] = [];
  ends.push(createInboxWatch({ ...questions, clock }).listen((address) => void told.push(address)));
  await questions.answer([to('a b', '1'), to('a b', '2')]);
  expect(told).toEqual(['handoff://handoffs/a%20b']);
  await questions.answer([to('c', '3'), to('a b', '2')]);
  await questions.answer([to('c', '3')]);
  expect(told).toEqual(['handoff://handoffs/a%20b', 'handoff://handoffs/c']);
  expect(slept).toEqual([1000, 1000, 1000]);
});

it('asks the database once for all who listen, and not at all while nobody does', async () => {
  const questions = new Questions();
  const watch = createInboxWatch({ ...questions, clock });
  expect(questions.asked).toBe(0);
  const told: string[] = [];
  const endFirst = watch.listen((address) => void told.push(`first ${address}`));
  const endSecond = watch.listen((address) => void told.push(`second ${address}`));
  expect(questions.asked).toBe(1);
  await questions.answer([to('a', '1')]);
  expect(told).toEqual(['first handoff://handoffs/a', 'second handoff://handoffs/a']);
  endFirst();
  endFirst();
  await questions.answer([to('b', '2')]);
  expect(told.slice(2)).toEqual(['second handoff://handoffs/b']);
  endSecond();
  await questions.answer([to('c', '3')]);
  expect(told).toHaveLength(3);
  const { asked } = questions;
  await questions.answer([]);
  expect(questions.asked).toBe(asked);
  ends.push(watch.listen((address) => void told.push(`third ${address}`)));
  await questions.answer([to('d', '4')]);
  expect(told.slice(3)).toEqual(['third handoff://handoffs/d']);
  // Whoever waits for the next question does not keep the process alive.
  expect(new Set(waits)).toEqual(new Set([true]));
});

it('goes on when the database does not answer, and when a listener fails', async () => {
  const questions = new Questions();
  const told: string[] = [];
  const watch = createInboxWatch({ ...questions, clock });
  ends.push(
    watch.listen(() => {
      throw new Error('gone');
    }),
    watch.listen((address) => void told.push(address)),
  );
  await questions.answer([to('a', '1')]);
  await questions.answer(new Error('away'));
  await questions.answer([to('a', '1'), to('b', '2')]);
  expect(told).toEqual(['handoff://handoffs/a', 'handoff://handoffs/b']);
});

it('an address is that of an inbox if it names an agent and asks for nothing else', () => {
  expect(['a', 'ä b', 'x/y', '100%', '\ud800'].map(inboxAddress)).toEqual([
    'handoff://handoffs/a',
    'handoff://handoffs/%C3%A4%20b',
    'handoff://handoffs/x%2Fy',
    'handoff://handoffs/100%25',
    'handoff://handoffs/%EF%BF%BD',
  ]);
  expect(inboxNamedBy('handoff://handoffs/a')).toBe('handoff://handoffs/a');
  for (const other of [
    'handoff://handoffs/',
    'handoff://handoffs/a?status=pending',
    'handoff://handoffs/a#b',
    'handoff://sessions',
    'handoff://agents/a/sessions',
    'not a URI',
    `handoff://handoffs/${'a'.repeat(9000)}`,
  ]) {
    expect([other, inboxNamedBy(other)]).toEqual([other, undefined]);
  }
});

it.each([
  ['handoff://handoffs/b%6fb', 'bob'],
  ['HANDOFF://handoffs/bob', 'bob'],
  ['handoff://handoffs/team/bob', 'team/bob'],
  ['handoff://handoffs/team%2fbob', 'team/bob'],
  ['handoff://handoffs/bob%21', 'bob!'],
  ['handoff://handoffs/ä b', 'ä b'],
  ['handoff://handoffs/100%', '100%'],
])('%s is read as the inbox of %s, and is the same address', (uri, agent) => {
  expect(inboxNamedBy(uri)).toBe(inboxAddress(agent));
});

it('asks untraced, and what it tells belongs to no call, whoever began to listen', async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  try {
    const span = trace.wrapSpanContext({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 });
    const questions = new Questions();
    const seen: [what: string, isSuppressed: boolean, hasSpan: boolean][] = [];
    const note = (what: string): void =>
      void seen.push([what, isTracingSuppressed(context.active()), trace.getSpan(context.active()) !== undefined]);
    const arrivals: Arrivals = () => {
      note('asked');
      return questions.arrivals();
    };
    const watch = createInboxWatch({ arrivals, clock });
    context.with(trace.setSpan(ROOT_CONTEXT, span), () => ends.push(watch.listen(() => note('told'))));
    await questions.answer([to('a', '1')]);
    expect(seen).toEqual([
      ['asked', true, false],
      ['told', false, false],
      ['asked', true, false],
    ]);
  } finally {
    context.disable();
  }
});
