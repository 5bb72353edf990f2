import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { describe, expect, it } from 'vitest';
import type { PinoInstance } from '../../../../../src/instrumentation/logs/pino/pinoInternals.js';
import { outputOf } from '../../../../../src/instrumentation/logs/pino/pinoStreams.js';

const seen = (logger: Logger): ReturnType<typeof outputOf> => outputOf(logger as unknown as PinoInstance);
const toNowhere = { target: 'pino/file', options: { destination: '/dev/null' } };

/** As the instrumentation of that name names its stream. */
class OTelPinoStream extends PassThrough {}

interface Transport extends EventEmitter {
  readonly worker: { terminate(): Promise<number> };
}

async function withTransport(options: object, check: (logger: Logger) => void): Promise<void> {
  const stream = (pino.transport as unknown as (options: object) => Transport)(options);
  const logger = (pino as unknown as (stream: object) => Logger)(stream);
  await once(stream, 'ready');
  check(logger);
  // Not by `end()`, which stops this thread for as long as a transport takes to shut down.
  const failed = once(stream, 'error');
  await stream.worker.terminate();
  await failed;
}

describe('where a pino logger writes', () => {
  it('is stdout by default, also behind a multistream, and for its children', () => {
    expect(seen(pino())).toEqual({ toStdout: true });
    expect(seen(pino().child({ a: 1 }))).toEqual({ toStdout: true });
    expect(seen(pino({}, pino.multistream([new PassThrough(), pino.destination(1)])))).toEqual({ toStdout: true });
  });

  it('is not stdout with another destination', () => {
    expect(seen(pino(pino.destination(2)))).toEqual({ toStdout: false });
    expect(seen(pino(new PassThrough()))).toEqual({ toStdout: false });
  });

  it('is OpenTelemetry when its instrumentation has put its stream beside', () => {
    expect(seen(pino({}, pino.multistream([new PassThrough(), new OTelPinoStream()])))).toMatchObject({
      shippedBy: '@opentelemetry/instrumentation-pino',
    });
  });

  it('is looked at again when a multistream gets or loses a stream', () => {
    const streams = pino.multistream([new PassThrough()]);
    const logger = pino({}, streams);
    expect(seen(logger)).toEqual({ toStdout: false });
    streams.add({ stream: new OTelPinoStream() });
    expect(seen(logger)).toMatchObject({ shippedBy: '@opentelemetry/instrumentation-pino' });
    streams.remove(2);
    expect(seen(logger)).toEqual({ toStdout: false });
    streams.add({ stream: pino.destination(1) });
    expect(seen(logger)).toEqual({ toStdout: true });
  });

  it('is OpenTelemetry with its transport, and not with another one', async () => {
    await withTransport(toNowhere, (logger) => expect(seen(logger)).toEqual({ toStdout: false }));
    await withTransport({ targets: [toNowhere, toNowhere] }, (logger) => expect(seen(logger)).toEqual({ toStdout: false }));
    await withTransport({ target: 'pino-opentelemetry-transport' }, (logger) =>
      expect(seen(logger)).toMatchObject({ shippedBy: 'pino-opentelemetry-transport' }),
    );
  });

  it('is taken for OpenTelemetry among several targets once this process has looked its transport up', async () => {
    createRequire(import.meta.url).resolve('pino-opentelemetry-transport');
    await withTransport({ targets: [toNowhere, toNowhere] }, (logger) =>
      expect(seen(logger)).toMatchObject({ shippedBy: 'pino-opentelemetry-transport' }),
    );
  });
});
