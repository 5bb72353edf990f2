import { beforeEach, describe, expect, it } from 'vitest';
import type { MetricsAnswer } from '../../../../../src/handoff/server/admin/adminSource.js';
import { HeartbeatWatch, startHeartbeat } from '../../../../../src/handoff/server/admin/heartbeat.js';
import type { Question, Reply } from '../../../../../src/handoff/server/admin/protocol.js';
import { ThreadSource } from '../../../../../src/handoff/server/admin/threadSource.js';
import { report } from './fakeSubject.js';

let silentMs: number;
let nowMs: number;
let asked: Question[];
/** What the main thread answers; nothing while it is stalled. */
let answers: (question: Question) => Reply | undefined;
let source: ThreadSource;
beforeEach(() => {
  silentMs = 0;
  nowMs = 1000;
  asked = [];
  answers = () => undefined;
  source = new ThreadSource({
    silentMs: () => silentMs,
    nowMs: () => nowMs,
    ask: (id, question) => {
      asked.push(question);
      const answer = answers(question);
      if (answer !== undefined) source.onMessage({ type: 'answer', id, answer });
    },
  });
});

const metrics = (body: string, format = 'text/plain'): MetricsAnswer => ({ status: 200, headers: { 'content-type': format }, body });

describe('metrics', () => {
  it('are collected for whoever asks', async () => {
    answers = () => ({ about: 'metrics', answer: metrics('m 1\n') });
    expect(await source.metrics('a/b')).toEqual({ ...metrics('m 1\n'), ageMs: 0 });
    expect(asked).toEqual([{ about: 'metrics', accept: 'a/b' }]);
  });

  it('are the last ones during a stall, at once and with their age', async () => {
    source.onMessage({ type: 'metrics', answer: metrics('m 1\n') });
    nowMs += 1300;
    silentMs = 401;
    expect(await source.metrics('')).toEqual({ ...metrics('m 1\n'), ageMs: 1300 });
    expect(asked).toEqual([]);
  });

  it('are waited for also during a stall when there are none yet', async () => {
    silentMs = 401;
    const answer = source.metrics('');
    source.onMessage({ type: 'answer', id: 1, answer: { about: 'metrics', answer: metrics('m 1\n') } });
    expect(await answer).toEqual({ ...metrics('m 1\n'), ageMs: 0 });
  });

  it('are not waited for when the main thread stalls meanwhile', async () => {
    source.onMessage({ type: 'metrics', answer: metrics('m 1\n') });
    const answer = source.metrics('');
    silentMs = 401;
    nowMs += 500;
    expect(await answer).toMatchObject({ body: 'm 1\n', ageMs: 500 });
  });

  it('are in the accepted format if they were ever asked for in it', async () => {
    source.onMessage({ type: 'metrics', answer: metrics('text\n') });
    silentMs = 401;
    expect(await source.metrics('application/openmetrics-text')).toMatchObject({ body: 'text\n' });
    source.onMessage({ type: 'metrics', answer: metrics('open\n', 'application/openmetrics-text; version=1.0.0') });
    expect(await source.metrics('application/openmetrics-text')).toMatchObject({ body: 'open\n' });
    expect(await source.metrics('')).toMatchObject({ body: 'text\n' });
  });

  it('are none where none were collected, and failures are not kept', async () => {
    source.onMessage({ type: 'metrics', answer: { ...metrics('no\n'), status: 500 } });
    silentMs = 401;
    const answer = source.metrics('');
    nowMs += 6001;
    expect(await answer).toBeUndefined();
  });
});

describe('health', () => {
  it('is what the main thread told last, without asking', async () => {
    source.onMessage({ type: 'health', report: report() });
    nowMs += 250;
    silentMs = 5000;
    expect(await source.health()).toEqual({ report: report(), ageMs: 250 });
    expect(asked).toEqual([]);
  });

  it('is asked for once nothing was told yet', async () => {
    answers = () => ({ about: 'health', report: report() });
    expect(await source.health()).toEqual({ report: report(), ageMs: 0 });
    await source.health();
    expect(asked).toEqual([{ about: 'health' }]);
  });

  it('is waited for where nothing was told before, also during a stall, but not for ever', async () => {
    silentMs = 401;
    const answer = source.health();
    expect(asked).toEqual([{ about: 'health' }]);
    nowMs += 3501;
    expect(await answer).toBeUndefined();
  });
});

describe('readiness', () => {
  it('is asked for', async () => {
    answers = () => ({ about: 'readiness', readiness: { reason: 'the database cannot be reached' } });
    expect(await source.isReady()).toEqual({ reason: 'the database cannot be reached' });
  });

  it('waits through a stall, but not for ever', async () => {
    silentMs = 2000;
    const answer = source.isReady();
    nowMs += 2501;
    expect(await answer).toEqual({ reason: 'the main thread is too busy to answer' });
    expect(asked).toEqual([{ about: 'readiness' }]);
  });

  it('ends when the server stops, without asking', async () => {
    source.onMessage({ type: 'stopping' });
    expect(await source.isReady()).toEqual({ reason: 'the server is stopping' });
    expect(asked).toEqual([]);
  });
});

describe('the heartbeat', () => {
  it('beats by itself', async () => {
    const { memory, stop } = startHeartbeat();
    await expect.poll(() => Atomics.load(new Int32Array(memory), 0)).toBeGreaterThan(0);
    stop();
  });

  it('is missed for as long as the watching thread has run itself', () => {
    const memory = new SharedArrayBuffer(4);
    const beat = (): number => Atomics.add(new Int32Array(memory), 0, 1);
    let atMs = 0;
    const watch = new HeartbeatWatch(memory, () => atMs);
    const after = (ms: number): number => {
      atMs += ms;
      return watch.silentMs();
    };
    expect(after(200)).toBe(0);
    expect([after(200), after(200), after(200)]).toEqual([400, 600, 800]);
    beat();
    expect(after(200)).toBe(0);
    // The process was stopped for an hour: it has not been silent, as far as anybody can tell.
    expect(after(3_600_000)).toBe(400);
    beat();
    expect(after(1)).toBe(0);
  });
});
