import { describe, expect, it } from 'vitest';
import { formatConsoleCall } from '../../../src/logging/consoleText.js';

class PaymentError extends Error {
  readonly card = '4111';
}

describe('the text of a console call', () => {
  it('is what Node would print', () => {
    expect(formatConsoleCall(['%s has %d', 'x', 3, { a: [1, 'b'] }]).body).toBe("x has 3 { a: [ 1, 'b' ] }");
  });

  it.each([
    ['alone', [new PaymentError('secret')], 'PaymentError'],
    ['in a format', ['failed: %s', new PaymentError('secret')], 'failed: PaymentError'],
    ['beside text', ['failed', new PaymentError('secret')], 'failed PaymentError'],
    ['inside an object', [{ cause: new PaymentError('secret') }], "{ cause: { type: 'PaymentError' } }"],
  ])('has the type of an error %s, never its message or properties', (_where, args, body) => {
    const text = formatConsoleCall(args);
    expect(text.body).toBe(body);
    expect(JSON.stringify(text)).not.toMatch(/secret|4111/);
  });

  it('keeps type and frames of the first error', () => {
    const { error } = formatConsoleCall(['x', new PaymentError('secret')]);
    expect(error?.type).toBe('PaymentError');
    expect(error?.stack).toMatch(/^\s+at /);
  });

  it('is bounded', () => {
    expect(formatConsoleCall(['x'.repeat(100_000), { y: 'y'.repeat(100_000) }]).body.length).toBeLessThan(4200);
  });
});
