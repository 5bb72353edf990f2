/** Environment variables, handed in so that tests need not change the process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Collects what the user should know about a setting that was not taken as given; each is one sentence. */
export type Notify = (notice: string) => void;

/** OpenTelemetry's rule: an empty or blank variable counts as unset. */
export function textFromEnv(env: Env, key: string): string | undefined {
  const text = env[key]?.trim();
  return text === undefined || text === '' ? undefined : text;
}

/** Comma-separated values in lower case, without duplicates; `undefined` when unset. */
export function listFromEnv(env: Env, key: string): readonly string[] | undefined {
  const items = textFromEnv(env, key)
    ?.split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
  return items === undefined || items.length === 0 ? undefined : [...new Set(items)];
}

/** Only `true` in any case means true (OpenTelemetry's rule). */
export function flagFromEnv(env: Env, key: string): boolean {
  return textFromEnv(env, key)?.toLowerCase() === 'true';
}

/** A switch of ours: `true`, `1`, `false` or `0`; anything else is reported and counts as unset. */
export function switchFromEnv(env: Env, key: string, notify: Notify): boolean | undefined {
  const text = textFromEnv(env, key)?.toLowerCase();
  if (text === undefined) return undefined;
  if (['true', '1'].includes(text)) return true;
  if (!['false', '0'].includes(text)) notify(`${key}=${text.slice(0, 40)} is not true, false, 1 or 0; the default is used.`);
  return ['false', '0'].includes(text) ? false : undefined;
}

export interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

/** A whole number in range; anything else is reported and counts as unset, as OpenTelemetry asks of invalid values. */
export function integerFromEnv(env: Env, key: string, { min, max }: IntegerRange, notify: Notify): number | undefined {
  const text = textFromEnv(env, key);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  notify(`${key}=${text.slice(0, 40)} is not a whole number from ${min} to ${max}; the default is used.`);
  return undefined;
}
