import { SpanStatusCode } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { markBuiltSafe } from '../../../../src/telemetry/guard/builtSafe.js';
import { createSpanGuard } from '../../../../src/telemetry/guard/spanGuard.js';

/** One span through the guard, as an exporter would see it. */
function guarded(name: string, attributes: Attributes, act: (span: Span) => void = () => {}, captureErrorMessages = false): ReadableSpan {
  const exporter = new InMemorySpanExporter();
  const guard: SpanProcessor = {
    onStart: () => {},
    onEnding: createSpanGuard({ captureErrorMessages }),
    onEnd: () => {},
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const provider = new TracerProvider({ spanProcessors: [guard, new SimpleSpanProcessor({ exporter })] });
  const span = provider.getTracer('test').startSpan(name, { attributes });
  act(span);
  span.end();
  const [finished] = exporter.getFinishedSpans();
  if (finished === undefined) throw new Error('no span was exported');
  return finished;
}

const pg = { 'db.system.name': 'postgresql', 'db.namespace': 'handoff' };
const failQuery =
  (code: string) =>
  (span: Span): void => {
    span.recordException(`PostgreSQL error of type 'error' occurred (code: ${code})`);
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'invalid input syntax for type integer: "secret"' });
  };

describe('a PostgreSQL span', () => {
  it('gets its name, operation and text from a fixed set of commands', () => {
    const span = guarded('pg.query:INSERT\nINTO', {
      ...pg,
      'db.query.text': "INSERT\ninto t values ('secret')",
      'db.postgresql.plan': 'secret-plan',
    });
    expect(span.name).toBe('INSERT handoff');
    expect(span.attributes).toEqual({
      ...pg,
      'db.query.text': 'INSERT into t values (?)',
      'db.operation.name': 'INSERT',
      'db.postgresql.plan': '?',
    });
  });

  it('says the SQLSTATE instead of what the server said', () => {
    const span = guarded('pg.query:SELECT', { ...pg, 'db.query.text': 'SELECT $1::int' }, failQuery('22P02'));
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'SQLSTATE 22P02' });
    expect(span.attributes).toMatchObject({ 'error.type': '22P02', 'db.response.status_code': '22P02' });
    expect(span.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': '22P02' } }]);
    expect(JSON.stringify([span.events, span.status, span.attributes])).not.toContain('secret');
  });

  it('says the errno of a lost connection', () => {
    const span = guarded('pg.query:SELECT', { ...pg, 'db.query.text': 'SELECT 1' }, failQuery('ECONNRESET'));
    expect(span.status.message).toBe('ECONNRESET');
    expect(span.attributes['error.type']).toBe('ECONNRESET');
    expect(span.attributes).not.toHaveProperty('db.response.status_code');
  });

  it('has an error type even when there is no code', () => {
    const span = guarded('pg.query:SELECT', { ...pg, 'db.query.text': 'SELECT 1' }, failQuery('UNKNOWN'));
    expect(span.attributes['error.type']).toBe('_OTHER');
    expect(span.status.message).toBe('_OTHER');
  });

  it('does not keep the server message when messages are asked for', () => {
    const span = guarded('pg.query:SELECT', { ...pg, 'db.query.text': 'SELECT 1' }, failQuery('22P02'), true);
    expect(span.status.message).toBe('SQLSTATE 22P02');
  });

  it('shows no connection string in the place of a name or a host', () => {
    const url = 'postgres://user:secret@host/db';
    const span = guarded('pg.query:SELECT', {
      'db.system.name': 'postgresql',
      'db.namespace': url,
      'server.address': url,
      'db.query.text': 'SELECT 1',
    });
    expect([span.name, span.attributes['db.namespace'], span.attributes['server.address']]).toEqual(['SELECT _OTHER', '_OTHER', '_OTHER']);
  });

  it('takes EPIPE for what it is', () => {
    const span = guarded('pg.query:SELECT', { ...pg, 'db.query.text': 'SELECT 1' }, failQuery('EPIPE'));
    expect([span.status.message, span.attributes['db.response.status_code']]).toEqual(['EPIPE', undefined]);
  });

  it('made of safe parts is not looked at again', () => {
    const span = guarded('kept', { ...pg, 'db.query.text': "SELECT 'kept'" }, markBuiltSafe);
    expect([span.name, span.attributes['db.query.text']]).toEqual(['kept', "SELECT 'kept'"]);
  });

  it('without a text is named OTHER', () => {
    expect(guarded('pg.query:secret handoff', pg).name).toBe('OTHER');
  });
});

describe('a Redis span', () => {
  it('shows the command only', () => {
    const span = guarded('secret', { 'db.system.name': 'redis', 'db.query.text': 'eval return-secret 1 key' });
    expect(span.name).toBe('EVAL');
    expect(span.attributes).toMatchObject({ 'db.query.text': 'EVAL ?', 'db.operation.name': 'EVAL' });
  });
});

describe('any other span', () => {
  const fail = (span: Span): void => {
    const error = new Error('secret\n    of two lines');
    span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  };

  it('loses error texts but keeps the class and the frames', () => {
    const span = guarded('work', {}, fail);
    const [event] = span.events;
    expect(event?.attributes).toMatchObject({ 'exception.type': 'Error' });
    expect(event?.attributes?.['exception.stacktrace']).toMatch(/^\s+at .*spanGuard\.test\.ts/m);
    expect(JSON.stringify([span.events, span.status])).not.toMatch(/secret|two lines/);
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it('keeps a class or a code as its type, and no other text', () => {
    const typeOf = (name: string) =>
      guarded('work', {}, (failing) => failing.recordException({ name, message: 'secret' })).events[0]?.attributes?.['exception.type'];
    expect(['RangeError', 'ERR_NO', '22P02', 'secret of a caller'].map(typeOf)).toEqual(['RangeError', 'ERR_NO', '22P02', 'Error']);
  });

  it('loses lines of the text that look like frames', () => {
    const span = guarded('work', {}, (failing) => failing.recordException(new Error('secret\n    at secret (secret.ts:1:1)')));
    const stack = String(span.events[0]?.attributes?.['exception.stacktrace']);
    expect(stack).not.toContain('secret');
    expect(stack).toMatch(/^ {4}at .*spanGuard\.test\.ts/m);
  });

  it('keeps them when asked to', () => {
    const span = guarded('work', {}, fail, true);
    expect(span.status.message).toContain('secret');
    expect(span.events[0]?.attributes?.['exception.message']).toContain('secret');
  });

  it('stays as it is when nothing failed', () => {
    const span = guarded('work', { a: 1 });
    expect([span.name, span.attributes, span.status]).toEqual(['work', { a: 1 }, { code: SpanStatusCode.UNSET }]);
  });
});
