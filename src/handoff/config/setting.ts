import { z } from 'zod';

/** What the documentation says of one setting; kept beside its parser so that the two cannot disagree. */
export interface SettingMeta {
  readonly group: string;
  readonly unit: string;
  readonly allowed: string;
  readonly default: string;
  readonly doc: string;
  readonly secret?: boolean;
}

interface Described {
  readonly group: string;
  readonly doc: string;
  readonly secret?: boolean;
}

/** A whole number in `unit`, from `min` to `max`. */
export function integer(
  options: Described & { readonly unit: string; readonly min: number; readonly max: number; readonly default: number },
) {
  const { unit, min, max } = options;
  return z
    .string()
    .regex(/^[+-]?\d{1,15}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .default(options.default)
    .meta(describe(options, unit, `whole number from ${min} to ${max}`, String(options.default)));
}

/** Like `integer`, but absent unless set. */
export function optionalInteger(
  options: Described & { readonly unit: string; readonly min: number; readonly max: number; readonly absent: string },
) {
  const { unit, min, max } = options;
  return z
    .string()
    .regex(/^[+-]?\d{1,15}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .optional()
    .meta(describe(options, unit, `whole number from ${min} to ${max}`, options.absent));
}

export function flag(options: Described & { readonly default: boolean }) {
  return z
    .enum(['true', 'false', '1', '0'])
    .transform((text) => text === 'true' || text === '1')
    .default(options.default)
    .meta(describe(options, '', '`true`, `false`, `1` or `0`', String(options.default)));
}

export function choice<const Values extends readonly [string, ...string[]]>(
  options: Described & { readonly values: Values; readonly default: Values[number] },
) {
  const schema: z.ZodType<Values[number], string> = z.enum(options.values);
  return schema
    .default(options.default)
    .meta(describe(options, '', options.values.map((value) => `\`${value}\``).join(', '), options.default));
}

/** A URL whose scheme is one of `protocols` (written with the colon). */
export function url(options: Described & { readonly protocols: readonly string[]; readonly absent: string }) {
  return z
    .string()
    .refine((text) => URL.canParse(text) && options.protocols.includes(new URL(text).protocol))
    .optional()
    .meta(
      describe(options, '', `URL starting with ${options.protocols.map((protocol) => `\`${protocol}//\``).join(' or ')}`, options.absent),
    );
}

/**
 * An address as pg reads it: the host may be left out where there is a user (`postgres://user:password@/database?host=/directory`),
 * which is no URL to anybody else.
 */
export function postgresUrl(options: Described & { readonly absent: string }) {
  const protocols = ['postgres:', 'postgresql:'];
  return z
    .string()
    .refine((text) => {
      const withHost = text.replace('@/', '@localhost/');
      return URL.canParse(withHost) && protocols.includes(new URL(withHost).protocol);
    })
    .optional()
    .meta(
      describe(
        options,
        '',
        'URL starting with `postgres://` or `postgresql://`, with `@ : / ? # %` in user and password percent-encoded',
        options.absent,
      ),
    );
}

export function text(
  options: Described & { readonly maxLength: number; readonly default: string; readonly pattern?: RegExp; readonly allowed?: string },
) {
  return bounded(options)
    .default(options.default)
    .meta(describe(options, '', options.allowed ?? `text of 1 to ${options.maxLength} characters`, options.default));
}

export function optionalText(options: Described & { readonly maxLength: number; readonly absent: string }) {
  return bounded(options)
    .optional()
    .meta(describe(options, '', `text of 1 to ${options.maxLength} characters`, options.absent));
}

/** A secret that travels in a header: a blank would end it there, and other letters arrive as other bytes. */
export function token(options: Described & { readonly minLength: number; readonly maxLength: number; readonly absent: string }) {
  const { minLength, maxLength, absent } = options;
  return z
    .string()
    .min(minLength)
    .max(maxLength)
    .regex(/^[!-~]+$/)
    .optional()
    .meta(describe({ ...options, secret: true }, '', `${minLength} to ${maxLength} visible ASCII characters, without blanks`, absent));
}

/** Comma-separated host names, ports left out. */
export function hostList(options: Described & { readonly absent: string }) {
  return z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((item) => item.trim().toLowerCase())
        .filter((item) => item !== ''),
    )
    .pipe(z.array(z.string().regex(/^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:]+\])$/)).min(1))
    .optional()
    .meta(describe(options, '', 'host names separated by commas, without scheme or port', options.absent));
}

function bounded({ maxLength, pattern }: { readonly maxLength: number; readonly pattern?: RegExp }) {
  const schema = z.string().min(1).max(maxLength);
  return pattern === undefined ? schema : schema.regex(pattern);
}

function describe(options: Described, unit: string, allowed: string, byDefault: string): SettingMeta & Record<string, unknown> {
  return {
    group: options.group,
    unit,
    allowed,
    default: byDefault,
    doc: options.doc,
    ...(options.secret === true ? { secret: true } : {}),
  };
}
