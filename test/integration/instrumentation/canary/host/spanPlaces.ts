import { propagation, context, SpanStatusCode } from '@opentelemetry/api';
import { put } from './host.js';
import type { Libraries } from './host.js';
import { tellingError } from './logPlaces.js';

/** Errors and baggage of the host. What it sets as an attribute, a name or a text of its own is what it wants to tell. */
export async function putIntoSpans({ handle: { tracer } }: Libraries): Promise<void> {
  const recorded = async (place: string, make: (secret: string) => Error): Promise<void> => {
    await put(`host span: ${place}`, (secret) => {
      const error = make(secret);
      const span = tracer.startSpan('canary host');
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      span.end();
      return [error, secret];
    });
  };
  await recorded('recorded exception', (secret) => new Error(secret));
  await recorded('recorded exception with everything', tellingError);
  await recorded('recorded AggregateError', (secret) => new AggregateError([new Error(secret)], secret));
  await recorded('code of a recorded exception', (secret) => Object.assign(new Error('e'), { code: secret }));
  await recorded('name of a recorded exception', (secret) => Object.assign(new Error('e'), { name: secret }));
  await recorded('lines like frames in a message', (secret) => new Error(`first\n    at ${secret} (x:1:1)`));
  await recorded('message of many lines', (secret) => new Error(`first\n${secret}\n    at a (b:1:1)\n${secret}`));
  await recorded('message that was changed later', (secret) => {
    const error = new Error(`first\n    at ${secret} (x:1:1)`);
    error.message = 'another';
    return error;
  });
  await recorded('stack set by hand', (secret) => Object.assign(new Error('e'), { stack: `Error: ${secret}\n    at a (b:1:1)` }));
  await put('host span: status', (secret) => {
    const span = tracer.startSpan('canary host');
    span.setStatus({ code: SpanStatusCode.ERROR, message: secret });
    span.end();
    return secret;
  });
  await put('baggage', (secret) => {
    const carrier: Record<string, string> = {};
    const bag = propagation.createBaggage({ user: { value: secret } });
    context.with(propagation.setBaggage(context.active(), bag), () => {
      tracer.startActiveSpan('canary host', (span) => {
        propagation.inject(context.active(), carrier);
        span.end();
      });
    });
    return carrier;
  });
}
