import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import { runProcess } from '../instrumentedProcess.js';

const FLUSH_ON_EXIT = { HANDOFF_FLUSH_ON_PROCESS_EXIT: 'true' };

const LAST = (ending: string) => `
  import { instrument } from './src/instrumentation/instrument.ts';
  const h = instrument();
  h.tracer.startSpan('last').end();
  h.logger.emit({ body: 'last' });
  ${ending}`;

describe('what is left when the process calls process.exit()', () => {
  it.each([
    ['http/protobuf', 'none'],
    ['http/protobuf', 'gzip'],
    ['http/json', 'none'],
    ['http/json', 'gzip'],
  ])('arrives by %s, compression %s, once', async (protocol, compression) => {
    await using receiver = await startOtlpReceiver();
    const env = {
      ...FLUSH_ON_EXIT,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_COMPRESSION: compression,
    };
    const { code, stderr } = await runProcess({ code: LAST('process.exit(5);'), env });
    expect({ code, stderr }).toEqual({ code: 5, stderr: '' });
    expect(receiver.spans().map(({ name }) => name)).toEqual(['last']);
    expect(receiver.logRecords().map(({ body }) => body)).toEqual(['last']);
    expect(receiver.spans()[0]?.resource.attributes).toMatchObject({ 'process.runtime.name': 'nodejs' });
  });

  it('carries the configured headers, and nothing preloaded runs in the thread that sends it', async () => {
    const headers: IncomingHttpHeaders[] = [];
    const server = createServer((request, response) => {
      headers.push(request.headers);
      request.resume().on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const preload = `data:text/javascript,process.stderr.write('loaded;')`;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = {
      ...FLUSH_ON_EXIT,
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=of%20mine',
      NODE_OPTIONS: `--import ${preload}`,
    };
    const { stderr } = await runProcess({ code: LAST('process.exit();'), env });
    await new Promise((resolve) => server.close(resolve));
    expect(stderr).toBe('loaded;');
    expect(headers.map((each) => [each['x-key'], each['content-type']])).toEqual([
      ['of mine', 'application/x-protobuf'],
      ['of mine', 'application/x-protobuf'],
    ]);
  });

  it('arrives also when the program loads modules through a hook in another thread', async () => {
    await using receiver = await startOtlpReceiver();
    const hook = `data:text/javascript,import { register } from 'node:module'; register('data:text/javascript,export async function load(url, context, next) { return next(url, context); }');`;
    const { code } = await runProcess({
      code: LAST('process.exit(5);'),
      flags: ['--import', hook],
      env: { ...FLUSH_ON_EXIT, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    });
    expect(code).toBe(5);
    expect(receiver.spans().map(({ name }) => name)).toEqual(['last']);
  });

  it('arrives from a worker that calls it as well', async () => {
    await using receiver = await startOtlpReceiver();
    const code = `
      import { Worker } from 'node:worker_threads';
      const text = \`
        const { instrument } = await import('file://' + process.cwd() + '/src/instrumentation/instrument.ts');
        const h = instrument();
        h.tracer.startSpan('last').end();
        process.exit(5);\`;
      new Worker(text, { eval: true }).on('exit', (status) => process.stdout.write('worker ' + status));`;
    const { stdout, stderr } = await runProcess({ code, env: { ...FLUSH_ON_EXIT, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    expect(stdout, stderr).toBe('worker 5');
    expect(receiver.spans().map(({ name }) => name)).toEqual(['last']);
  });

  it('is given up with one line when no thread may be started', async () => {
    await using receiver = await startOtlpReceiver();
    const flags = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--allow-net'];
    const { code, stderr } = await runProcess({
      code: LAST('process.exit(5);'),
      flags: flags.filter((flag) => process.allowedNodeEnvironmentFlags.has(flag.split('=')[0] ?? '')),
      env: { ...FLUSH_ON_EXIT, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    });
    expect(code).toBe(5);
    expect(stderr).toMatch(/^handoff-otel: the last telemetry could not be sent: .*\n$/);
  });

  it('is not promised for gRPC, which says so', async () => {
    const { stderr } = await runProcess({
      code: LAST('process.exit();'),
      env: { ...FLUSH_ON_EXIT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
    });
    expect(stderr).toMatch(/^handoff-otel: flushOnProcessExit does not cover traces and logs: they are sent by gRPC/m);
  });
});

describe('an error nobody caught', () => {
  it('is a record with frames and without message, in the trace of the span it failed', async () => {
    await using receiver = await startOtlpReceiver();
    const ending = `h.tracer.startActiveSpan('failing', () => setTimeout(() => { throw new TypeError('secret of a user'); }, 1));`;
    const { code, stderr } = await runProcess({ code: LAST(ending), env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    expect(code).toBe(1);
    expect(stderr).toContain('TypeError: secret of a user');
    const span = receiver.spans().find(({ name }) => name === 'failing');
    expect(span).toMatchObject({ status: { code: 'ERROR', message: 'TypeError' }, attributes: { 'error.type': 'TypeError' } });
    const record = receiver.logRecords().find(({ severityText }) => severityText === 'FATAL');
    expect(record).toMatchObject({
      body: 'uncaught exception',
      traceId: span?.traceId,
      spanId: span?.spanId,
      attributes: { 'exception.type': 'TypeError' },
    });
    expect(record?.attributes['exception.stacktrace']).toMatch(/^ {4}at /);
    expect(JSON.stringify([record?.attributes, span?.attributes, span?.events.map(({ attributes }) => attributes)])).not.toContain(
      'secret',
    );
  });

  it('in the very turn CommonJS starts in is delivered with everything else', async () => {
    await using receiver = await startOtlpReceiver();
    const code = `
      const { instrument } = require('./src/instrumentation/instrument.ts');
      const h = instrument({ serviceName: 'early' });
      h.tracer.startSpan('last').end();
      throw new Error('at once');`;
    const { code: exit, stderr } = await runProcess({ code, format: 'commonjs', env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    expect({ exit, lines: stderr.split('\n').filter((line) => line.startsWith('handoff-otel')) }).toEqual({ exit: 1, lines: [] });
    expect(receiver.spans().map(({ name, resource }) => [name, resource.attributes['service.name']])).toEqual([['last', 'early']]);
    expect(receiver.logRecords().map(({ severityText }) => severityText)).toEqual(['FATAL']);
  });

  it.each([
    ['warn', 0],
    ['none', 0],
    ['strict', 1],
    ['throw', 1],
  ])('keeps the exit code of --unhandled-rejections=%s', async (mode, expected) => {
    await using receiver = await startOtlpReceiver();
    const { code } = await runProcess({
      code: LAST('void Promise.reject(new Error("e"));'),
      flags: [`--unhandled-rejections=${mode}`],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    });
    expect(code).toBe(expected);
    expect(receiver.spans().map(({ name }) => name)).toEqual(['last']);
  });
});
