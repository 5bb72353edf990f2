import { handoffVariables } from '../../../variables/handoffVariables.js';
import type { Variable } from '../../../variables/variable.js';
import type { HandoffConfig } from '../resolve.js';

export type Settings = HandoffConfig['settings'];
export type SettingName = keyof Settings & string;

/** A setting that has another value than before. */
export interface SettingChange {
  readonly name: SettingName;
  /** As people may see it: never of a secret, and absent where there is none. */
  readonly before?: string;
  readonly after?: string;
}

/** Returns what differs, in the order of the table. */
export function changesOf(before: Settings, after: Settings): readonly SettingChange[] {
  return (Object.keys(handoffVariables) as SettingName[])
    .filter((name) => !isSame(before[name], after[name]))
    .map((name) => ({ name, ...shown('before', name, before[name]), ...shown('after', name, after[name]) }));
}

export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function isReloadable(name: SettingName): boolean {
  return (handoffVariables as Readonly<Record<string, Variable<unknown, unknown>>>)[name]?.isReloadable === true;
}

const MAX_SHOWN = 200;

function shown<Key extends string>(key: Key, name: SettingName, value: unknown): Partial<Record<Key, string>> {
  if (value === undefined) return {};
  const { secret = false } = handoffVariables[name] as Variable<unknown, unknown>;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { [key]: secret ? '(secret)' : text.slice(0, MAX_SHOWN) } as Partial<Record<Key, string>>;
}
