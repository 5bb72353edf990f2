import type { Threshold } from './spec.js';

/** Rounds away what binary fractions add: 1 - 0.99 is 0.010000000000000009. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** The share of events that an objective allows to be bad. */
export function allowedShare({ target }: { readonly target: number }): number {
  return rounded(1 - target);
}

/** Green from the promised share on, orange up to twice the allowed share of bad events, red beyond. */
export function goodShareSteps(objective: { readonly target: number }): readonly Threshold[] {
  const allowed = allowedShare(objective);
  return [
    { value: null, color: 'red' },
    { value: rounded(1 - 2 * allowed), color: 'orange' },
    { value: objective.target, color: 'green' },
  ];
}

/** Red from the allowed share of bad events on. */
export function badShareSteps(objective: { readonly target: number }): readonly Threshold[] {
  return fromOn(allowedShare(objective));
}

/** Green below, red from this value on. */
export function fromOn(value: number): readonly Threshold[] {
  return [
    { value: null, color: 'green' },
    { value, color: 'red' },
  ];
}

/** Nothing at all is expected; the first one already counts. */
export const noneExpected: readonly Threshold[] = [
  { value: null, color: 'green' },
  { value: 1e-9, color: 'red' },
];

/** How often the budget would be used up: once is the plan; six and fourteen times are what pages (decision 0057). */
export const burnSteps: readonly Threshold[] = [
  { value: null, color: 'green' },
  { value: 1, color: 'yellow' },
  { value: 6, color: 'orange' },
  { value: 14.4, color: 'red' },
];

/** What is left of the error budget. */
export const budgetSteps: readonly Threshold[] = [
  { value: null, color: 'red' },
  { value: 0.1, color: 'orange' },
  { value: 0.25, color: 'green' },
];
