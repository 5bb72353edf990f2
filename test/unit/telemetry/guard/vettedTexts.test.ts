import { SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, it } from 'vitest';
import { withoutMessages } from '../../../../src/telemetry/guard/exceptionEvents.js';
import { vetText } from '../../../../src/telemetry/guard/vettedTexts.js';

it('lets redacted texts leave and takes all others off, on the same span', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const span = provider.getTracer('test').startSpan('call') as Span;
  vetText(span, 'redacted text');
  span.addEvent('exception', { 'exception.message': 'redacted text' });
  span.recordException(new Error('secret of the host'));
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'redacted text' });
  withoutMessages(span);
  expect(span.events.map(({ attributes }) => attributes?.['exception.message'])).toEqual(['redacted text', undefined]);
  expect(span.status.message).toBe('redacted text');
  span.end();
  await provider.shutdown();
});
