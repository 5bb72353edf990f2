import type { z } from 'zod';
import type { InputProblem } from '../answers/inputProblem.js';

/** Returns the `problems` of an "Invalid input" answer, the first of each argument, without repeating the given values. */
export function inputProblems(error: z.ZodError, shape: Readonly<Record<string, z.ZodType>>, args: unknown): InputProblem[] {
  const problems = new Map<string, InputProblem>();
  for (const issue of error.issues) {
    const [name] = issue.path;
    const path = name === undefined ? '(arguments)' : issue.path.map(String).join('.');
    // An empty key is also blank; one message is enough.
    if (problems.has(path)) continue;
    const allowed =
      (name === undefined ? undefined : shape[String(name)]?.description) ?? `an object with ${Object.keys(shape).join(', ')}`;
    problems.set(path, { path, problem: isAbsent(args, name) ? 'is missing' : problemText(issue), allowed });
  }
  return [...problems.values()];
}

/** Returns whether the argument `name`, or without a name the arguments as a whole, were omitted. */
function isAbsent(args: unknown, name: PropertyKey | undefined): boolean {
  if (name === undefined || typeof args !== 'object' || args === null) return args === undefined;
  return !Object.hasOwn(args, name);
}

function problemText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `is not of type ${issue.expected}`;
  if (issue.code === 'unrecognized_keys') return 'has keys other than those that are allowed';
  if (issue.code === 'invalid_value') return 'is not one of the allowed values';
  // Of a whole number beyond 2^53, which the schema of an argument does not know as a limit of its own.
  if (issue.code === 'too_big' && issue.message.startsWith('Too big')) return `is larger than ${issue.maximum}`;
  if (issue.code === 'too_small' && issue.message.startsWith('Too small')) return `is smaller than ${issue.minimum}`;
  return issue.message;
}
