import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { Variables } from '@modelcontextprotocol/server';
import { z } from 'zod';

const UNKNOWN = 'unknown:';
const TOO_LONG = 'too long:';
/** Enough to find what is wrong; a list as long as the URI would answer a small request with a large response. */
const MAX_PROBLEMS = 10;
/** Far above any encoded key with every parameter. */
const MAX_URI_CHARS = 8192;
const ENCODED = /(?:%[0-9a-f]{2})+/gi;

/** Parses a whole number from `min` to `max` in a query. */
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
 * @throws ProtocolError (-32602) that names every invalid parameter and what would be accepted.
 */
export function parseParameters<Schema extends z.ZodObject>(schema: Schema, variables: Variables): z.output<Schema> {
  const uriChars = variables[TOO_LONG];
  if (typeof uriChars === 'string') {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Invalid resource URI: it has ${uriChars} characters, but at most ${MAX_URI_CHARS} are allowed.`,
    );
  }
  const unknown = Object.keys(variables).filter((name) => name.startsWith(UNKNOWN));
  const parsed = schema.safeParse(variables);
  if (parsed.success && unknown.length === 0) return parsed.data;
  const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
  const wrong = parsed.success ? [] : [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
  const problems = [
    ...wrong.map((name) => ({ path: name, problem: 'cannot be used', allowed: shape[name]?.description ?? 'see the resource template' })),
    ...unknown.map((name) => ({
      path: name.slice(UNKNOWN.length, UNKNOWN.length + 64),
      problem: 'is not a parameter of this resource',
      allowed: Object.keys(shape).join(', '),
    })),
  ];
  const listed = problems.slice(0, MAX_PROBLEMS);
  const more = problems.length - listed.length;
  const text =
    listed.map(({ path, problem, allowed }) => `${path} ${problem} (allowed: ${allowed})`).join('; ') +
    (more === 0 ? '' : `; and ${more} more`);
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid resource parameters: ${text}`, {
    problems: listed,
    ...(more === 0 ? {} : { moreProblems: more }),
  });
}

/**
 * Returned by a template, instead of parsing, for a URI that is too long to be one of ours; `parseParameters` refuses it.
 * A template cannot refuse it itself, since the SDK also calls it where it expects no error.
 */
export function tooLong(uri: string): Variables | undefined {
  return uri.length <= MAX_URI_CHARS ? undefined : { [TOO_LONG]: String(uri.length) };
}

/** Returns the decoded path parameter of a resource URI; keys may contain any character, percent-encoded. */
export function decoded(value: string | string[] | undefined): string {
  const raw = Array.isArray(value) ? value.join(',') : (value ?? '');
  // Decodes piece by piece: the key itself may contain a lone percent sign, as the earlier server allowed, alongside what
  // the URL parser encoded.
  return raw.replaceAll(ENCODED, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}
