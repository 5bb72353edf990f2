import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { Variables } from '@modelcontextprotocol/server';
import { z } from 'zod';

const UNKNOWN = 'unknown:';
const ENCODED = /(?:%[0-9a-f]{2})+/gi;

/** A whole number from `min` to `max` written in a query. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .optional()
    .describe(`a whole number from ${min} to ${max}`);
}

/**
 * Checks the variables of a resource URI.
 *
 * @throws ProtocolError (-32602) that names every parameter that cannot be used and what would be accepted.
 */
export function parseParameters<Schema extends z.ZodObject>(schema: Schema, variables: Variables): z.output<Schema> {
  const unknown = Object.keys(variables).filter((name) => name.startsWith(UNKNOWN));
  const parsed = schema.safeParse(variables);
  if (parsed.success && unknown.length === 0) return parsed.data;
  const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
  const wrong = parsed.success ? [] : [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
  const problems = [
    ...wrong.map((name) => ({ path: name, problem: 'cannot be used', allowed: shape[name]?.description ?? 'see the resource template' })),
    ...unknown.map((name) => ({ path: name.slice(UNKNOWN.length, UNKNOWN.length + 64), problem: 'is not a parameter of this resource', allowed: Object.keys(shape).join(', ') })),
  ];
  const text = problems.map(({ path, problem, allowed }) => `${path} ${problem} (allowed: ${allowed})`).join('; ');
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid resource parameters: ${text}`, { problems });
}

/** The decoded path parameter of a resource URI; keys may hold any character, percent-encoded. */
export function decoded(value: string | string[] | undefined): string {
  const raw = Array.isArray(value) ? value.join(',') : (value ?? '');
  // Piece by piece: the key itself may hold a lone percent sign, as the earlier server allowed, beside what the URL
  // parser encoded on its own.
  return raw.replaceAll(ENCODED, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}
