import type { z } from 'zod';
import type { InputProblem } from '../answers/inputProblem.js';

/** The `problems` of an "Invalid input" answer, the first of each argument, in words that do not repeat what was given. */
export function inputProblems(error: z.ZodError, shape: Readonly<Record<string, z.ZodType>>, args: unknown): InputProblem[] {
  const problems = new Map<string, InputProblem>();
  for (const issue of error.issues) {
    const [name] = issue.path;
    const path = name === undefined ? '(arguments)' : issue.path.map(String).join('.');
    // An empty key is also a blank one: saying so twice helps nobody.
    if (problems.has(path)) continue;
    const allowed =
      (name === undefined ? undefined : shape[String(name)]?.description) ?? `an object with ${Object.keys(shape).join(', ')}`;
    problems.set(path, { path, problem: isAbsent(args, name) ? 'is missing' : problemText(issue), allowed });
  }
  return [...problems.values()];
}

/** Whether the argument `name`, or without a name the arguments as a whole, were left out. */
function isAbsent(args: unknown, name: PropertyKey | undefined): boolean {
  if (name === undefined || typeof args !== 'object' || args === null) return args === undefined;
  return !Object.hasOwn(args, name);
}

function problemText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `is not of type ${issue.expected}`;
  if (issue.code === 'invalid_value') return 'is not one of the allowed values';
  return issue.message;
}
