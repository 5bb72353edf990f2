import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ALONE, AppendLab, numbers, TOGETHER } from './appendLab.js';

/** Appends of one turn, or that wait for a connection, share a statement; each is answered as if it had one of its own. */

let lab: AppendLab;
beforeAll(async () => {
  lab = await AppendLab.open();
});
afterEach(() => lab.renew());
afterAll(() => lab.dispose());

it('calls that come one after another have a statement each, as they always had', async () => {
  await lab.register('free');
  lab.fixture.sent.length = 0;
  await lab.append('free', 'a');
  await lab.append('free', 'b');
  expect(lab.fixture.sent).toEqual([ALONE, ALONE]);
});

it('calls that come in one turn of the event loop share a statement though a connection is free', async () => {
  await lab.register('one', 'two');
  lab.fixture.sent.length = 0;
  const results = await Promise.allSettled([lab.append('one', 'a'), lab.append('two', 'b'), lab.append('one', 'c')]);
  expect(lab.fixture.sent).toEqual([TOGETHER]);
  expect(numbers(results)).toEqual([2, 2, 3]);
});

it('calls that wait share one statement, and get consecutive numbers in their order', async () => {
  await lab.register('a', 'b');
  const results = await lab.whileBusy(() => [
    lab.append('a', 'one'),
    lab.append('b', 'two'),
    lab.append('a', 'three'),
    lab.append('a', 'four'),
  ]);
  expect(lab.fixture.sent).toEqual([TOGETHER]);
  expect(numbers(results)).toEqual([2, 2, 3, 4]);
  expect(await lab.contents('a')).toEqual(['2 one', '3 three', '4 four']);
  expect(await lab.contents('b')).toEqual(['2 two']);
  const [stored] = await lab.fixture.sql(
    "SELECT context_type, metadata - 'timestamp' AS metadata, agent, content_size_bytes FROM context_history WHERE content = 'three'",
  );
  expect(stored).toEqual({
    context_type: 'message',
    metadata: { note: 'with "quotes", {braces}, \\ and NULL' },
    agent: 'writer',
    content_size_bytes: 5,
  });
  const [a] = await lab.fixture.sql<{ last_sequence_number: number }>("SELECT last_sequence_number FROM sessions WHERE session_key = 'a'");
  expect(a?.last_sequence_number).toBe(4);
});

it('a call of its own is what a single one gets that has waited', async () => {
  await lab.register('single');
  expect(numbers(await lab.whileBusy(() => [lab.append('single', 'x')]))).toEqual([2]);
  expect(lab.fixture.sent).toEqual([ALONE]);
});

it('each call is told of its own session: unknown, ended or archived ones do not concern the others', async () => {
  await lab.register('good', 'ended', 'archived');
  await lab.fixture.sql("UPDATE sessions SET status = 'completed' WHERE session_key = 'ended'");
  await lab.fixture.sql("UPDATE sessions SET status = 'completed', archived_at = now() WHERE session_key = 'archived'");
  const results = await lab.whileBusy(() => [
    lab.append('nowhere', 'x'),
    lab.append('good', 'x'),
    lab.append('ended', 'x'),
    lab.append('archived', 'x'),
  ]);
  expect(lab.fixture.sent).toEqual([TOGETHER]);
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value : undefined))).toMatchObject([
    { kind: 'session_not_found' },
    { kind: 'appended', session: { sessionKey: 'good', status: 'active' } },
    { kind: 'session_not_active', status: 'completed' },
    { kind: 'session_not_active', status: 'archived' },
  ]);
});

it('a dormant session is woken by its first entry, with one event that names the trace of that call', async () => {
  await lab.register('asleep');
  await lab.fixture.sql("UPDATE sessions SET is_dormant = true WHERE session_key = 'asleep'");
  await lab.whileBusy(() => [lab.append('asleep', 'a'), lab.append('asleep', 'b')]);
  const events = await lab.fixture.sql<{ event_data: { traceparent: string } }>(
    "SELECT event_data FROM session_lifecycle e JOIN sessions s ON s.id = e.session_id WHERE session_key = 'asleep' AND event_type = 'reactivated'",
  );
  const [, a] = lab.recording.spans.filter(({ name }) => name === 'handoff.context.append');
  expect(events).toEqual([
    { event_data: { cause: 'context_added', traceparent: `00-${a?.spanContext().traceId}-${a?.spanContext().spanId}-01` } },
  ]);
  const transitions = (await lab.recording.metrics()).find(({ descriptor }) => descriptor.name === 'handoff.session.transitions');
  const woken = transitions?.dataPoints.filter(({ attributes }) => attributes['handoff.session.state.from'] === 'dormant') ?? [];
  expect(woken.map(({ value }) => value)).toEqual([1]);
});

it('no statement has more than 64 calls', async () => {
  await lab.register('many');
  const results = await lab.whileBusy(() => Array.from({ length: 150 }, (_, index) => lab.append('many', `entry ${index}`)));
  expect(numbers(results)).toEqual(Array.from({ length: 150 }, (_, index) => index + 2));
  expect(lab.fixture.sent).toEqual([TOGETHER, TOGETHER, TOGETHER]);
  const counts = lab.recording.spans.flatMap(({ name, attributes }) =>
    name === 'handoff.context.append_together' ? [attributes['handoff.context.entry_count']] : [],
  );
  expect(counts).toEqual([64, 64, 22]);
});

it('each call has its own span, linked with that of the statement, which is in a trace of its own', async () => {
  await lab.register('traced');
  await lab.whileBusy(() => [lab.append('traced', 'a'), lab.append('nowhere', 'b')]);
  const [together, ...others] = lab.recording.spans.filter(({ name }) => name === 'handoff.context.append_together');
  expect(others).toEqual([]);
  expect(together?.parentSpanContext).toBeUndefined();
  // They end in an order of their own.
  const calls = lab.recording.spans
    .filter(({ name, links }) => name === 'handoff.context.append' && links.length > 0)
    .toSorted((a, b) => (a.attributes['handoff.session.key'] === 'traced' ? -1 : b.attributes['handoff.session.key'] === 'traced' ? 1 : 0));
  expect(calls.map(({ attributes }) => attributes['error.type'])).toEqual([undefined, 'session_not_found']);
  expect(calls.map(({ links }) => links.map((link) => link.context.spanId))).toEqual(calls.map(() => [together?.spanContext().spanId]));
  expect(together?.links.map((link) => link.context.spanId)).toEqual(calls.map((span) => span.spanContext().spanId));
  expect(new Set([together, ...calls].map((span) => span?.spanContext().traceId)).size).toBe(3);
});
