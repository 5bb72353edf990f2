import { ROOT_CONTEXT, createContextKey, trace } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { ValueContext, inSpan } from '../../../src/telemetry/valueContext.js';

const spanOf = (digit: string) => trace.wrapSpanContext({ traceId: digit.repeat(32), spanId: digit.repeat(16), traceFlags: 1 });

it('is to every reader the context around it with the span in it', () => {
  const [outer, inner] = [spanOf('a'), spanOf('b')];
  const key = createContextKey('another');
  const around = trace.setSpan(ROOT_CONTEXT.setValue(key, 'around'), outer);
  const context = inSpan(around, inner);
  expect([trace.getSpan(context), context.getValue(key), trace.getSpan(around)]).toEqual([inner, 'around', outer]);
  const changed = context.setValue(key, 'changed');
  expect([trace.getSpan(changed), changed.getValue(key), context.getValue(key)]).toEqual([inner, 'changed', 'around']);
  const without = context.deleteValue(key);
  expect([trace.getSpan(without), without.getValue(key)]).toEqual([inner, undefined]);
  expect(trace.getSpan(trace.deleteSpan(context))).toBeUndefined();
});

it('in another one shows only the inner span, and the rest of what is around both', () => {
  const key = createContextKey('another');
  const [outer, inner] = [spanOf('a'), spanOf('b')];
  const nested = inSpan(inSpan(ROOT_CONTEXT.setValue(key, 'around'), outer), inner);
  expect([trace.getSpan(nested), nested.getValue(key)]).toEqual([inner, 'around']);
});

it('of another key in another one shows both values, and goes without either of them', () => {
  const [key, other] = [createContextKey('one'), createContextKey('other')];
  const nested = new ValueContext(new ValueContext(ROOT_CONTEXT, key, 1), other, 2);
  expect([nested.getValue(key), nested.getValue(other)]).toEqual([1, 2]);
  const [withoutOuter, withoutInner] = [nested.deleteValue(key), nested.deleteValue(other)];
  expect([withoutOuter.getValue(key), withoutOuter.getValue(other)]).toEqual([undefined, 2]);
  expect([withoutInner.getValue(key), withoutInner.getValue(other)]).toEqual([1, undefined]);
});
