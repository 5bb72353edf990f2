/** What an attribute must be. */
export type Expectation =
  | { readonly must: 'be'; readonly value: string | number }
  | { readonly must: 'be one of'; readonly values: readonly (string | number)[] }
  | { readonly must: 'be one of or absent'; readonly values: readonly (string | number)[] }
  | { readonly must: 'be absent' }
  | { readonly must: 'be some text' }
  | { readonly must: 'be any' };

export const ABSENT: Expectation = { must: 'be absent' };
/** Recommended where it is known, and unknowable here: its presence is free, its type is not. */
export const FREE: Expectation = { must: 'be any' };

export function be(value: string | number): Expectation {
  return { must: 'be', value };
}

export function meets(expectation: Expectation, actual: unknown): boolean {
  switch (expectation.must) {
    case 'be':
      return actual === expectation.value;
    case 'be one of':
      return expectation.values.some((value) => value === actual);
    case 'be one of or absent':
      return actual === undefined || expectation.values.some((value) => value === actual);
    case 'be absent':
      return actual === undefined;
    case 'be some text':
      return typeof actual === 'string' && actual !== '';
    case 'be any':
      return true;
  }
}

export function wording(expectation: Expectation): string {
  switch (expectation.must) {
    case 'be':
      return JSON.stringify(expectation.value);
    case 'be one of':
      return `one of ${JSON.stringify(expectation.values)}`;
    case 'be one of or absent':
      return `nothing or one of ${JSON.stringify(expectation.values)}`;
    case 'be absent':
      return 'nothing';
    case 'be some text':
      return 'some text';
    case 'be any':
      return 'anything';
  }
}
