/**
 * Stands for a number in what is expected: matches what differs from it by less than a share of it. Vitest calls it as a copy, which has no
 * private parts.
 */
class Close {
  readonly expected: number;
  readonly share: number;

  constructor(expected: number, share: number) {
    this.expected = expected;
    this.share = share;
  }

  asymmetricMatch(actual: unknown): boolean {
    return typeof actual === 'number' && Math.abs(actual - this.expected) <= Math.max(Math.abs(this.expected) * this.share, TINY);
  }

  toString(): string {
    return `Close<${this.expected}>`;
  }

  toAsymmetricMatcher(): string {
    return this.toString();
  }
}

const TINY = 1e-9;
const DIGITS = 1e-9;
const ONE_PERCENT = 0.01;

/** The same number but for its last digits: sums of fractions depend on their order. */
export function close<Value extends number | null>(expected: Value): Value {
  return matching(expected, DIGITS);
}

/** A percentile within 1 %. */
export function percentile<Value extends number | null>(expected: Value): Value {
  return matching(expected, ONE_PERCENT);
}

function matching<Value extends number | null>(expected: Value, share: number): Value {
  // A matcher stands where the number will be, as those of vitest do.
  return expected === null ? expected : (new Close(expected, share) as unknown as Value);
}
