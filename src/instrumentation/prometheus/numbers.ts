/** Returns a sample's value; both formats read what JavaScript writes, except infinity. */
export function sampleValue(value: number): string {
  return value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
}

/** Returns a bucket's bound as OpenMetrics wants it ("canonical", 1.0 and 1e+06), so that every client names a bucket alike. */
export function canonicalBound(bound: number): string {
  const magnitude = Math.abs(bound);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e6)) return bound.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}
