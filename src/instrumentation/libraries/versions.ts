const COMPARATOR = /^(>=|<=|>|<|=)?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/;

/**
 * Returns whether `version` satisfies `range`, for the ranges that instrumentations use: comparators separated by blanks (`>=8.0.3
 * <9`), or `*`. Pre-release tags are ignored; a range of any other form is not satisfied.
 */
export function satisfies(version: string, range: string): boolean {
  const parts = parse(version.split(/[-+]/, 1)[0] ?? '');
  if (parts === undefined) return false;
  if (range.trim() === '*') return true;
  return range
    .trim()
    .split(/\s+/)
    .every((comparator) => meets(parts, comparator));
}

function meets(version: readonly number[], comparator: string): boolean {
  const found = COMPARATOR.exec(comparator);
  if (found === null) return false;
  const order = compare(version, [Number(found[2]), Number(found[3] ?? 0), Number(found[4] ?? 0)]);
  switch (found[1]) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    default:
      return order === 0;
  }
}

function parse(version: string): readonly number[] | undefined {
  const numbers = version.split('.').map(Number);
  return numbers.length === 3 && numbers.every((number) => Number.isInteger(number) && number >= 0) ? numbers : undefined;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < 3; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
