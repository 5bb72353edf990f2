import { trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { Redis } from 'ioredis';
import { coverRedis } from '../../../../../src/instrumentation/libraries/redis/redisCover.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { Recording } from '../../../../unit/telemetry/recording.js';

/** ioredis of this process, covered, with spans and points kept in memory. */
export interface CoveredRedis extends AsyncDisposable {
  readonly recording: Recording;
  /** Runs something in a span of its own, as a request would, and says which span that was. */
  inRequest<T>(name: string, work: (span: Span) => T | Promise<T>): Promise<T>;
  /** Spans of commands, the requests' own apart: name, its request, failure, and attributes. */
  commands(): readonly CommandSpan[];
  /** What the histogram holds: how often, by command and failure. */
  points(): Promise<Readonly<Record<string, number>>>;
}

export interface CommandSpan {
  readonly name: string;
  readonly request: string | undefined;
  readonly error: unknown;
  readonly address: string;
  readonly durationMs: number;
  readonly attributes: ReadableSpan['attributes'];
}

export function coveredRedis(): CoveredRedis {
  const recording = new Recording();
  const { tracer, meter } = recording;
  const cover = coverRedis({ tracer, meter, clock: systemClock });
  const { undo } = cover.cover(Redis);
  return {
    recording,
    inRequest: async (name, work) =>
      await tracer.startActiveSpan(name, { root: true }, async (span) => {
        try {
          return await work(span);
        } finally {
          span.end();
        }
      }),
    commands: () => {
      const requests = new Map(recording.spans.map((span) => [span.spanContext().spanId, span.name]));
      return recording.spans
        .filter(({ attributes }) => attributes['db.system.name'] === 'redis')
        .map((span) => commandSpan(span, requests));
    },
    points: async () => {
      const found = (await recording.metrics()).find(({ descriptor }) => descriptor.name === 'db.client.operation.duration');
      const points = (found?.dataPoints ?? []) as readonly DataPoint<Histogram>[];
      return Object.fromEntries(
        points.map(({ attributes, value }) => [
          [attributes['db.operation.name'], attributes['error.type']].filter(Boolean).join(' '),
          value.count,
        ]),
      );
    },
    [Symbol.asyncDispose]: async () => {
      undo();
      cover.disable();
      trace.disable();
      await recording.dispose();
    },
  };
}

function commandSpan(
  { name, attributes, parentSpanContext, duration: [seconds, nanoseconds] }: ReadableSpan,
  requests: ReadonlyMap<string, string>,
): CommandSpan {
  return {
    name,
    request: requests.get(parentSpanContext?.spanId ?? ''),
    error: attributes['error.type'],
    address: `${String(attributes['server.address'])}:${String(attributes['server.port'])}`,
    durationMs: seconds * 1000 + nanoseconds / 1e6,
    attributes,
  };
}
