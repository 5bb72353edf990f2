import { textFromEnv } from './env.js';
import type { Env, Notify } from './env.js';

/** Which new spans are recorded; `root` and the rest of `parent_based` are samplers themselves. */
export type SamplerSettings =
  | { readonly kind: 'always_on' | 'always_off' }
  | { readonly kind: 'trace_id_ratio'; readonly ratio: number }
  | {
      readonly kind: 'parent_based';
      readonly root: SamplerSettings;
      /** The default of each follows what the parent decided. */
      readonly remoteParentSampled?: SamplerSettings;
      readonly remoteParentNotSampled?: SamplerSettings;
      readonly localParentSampled?: SamplerSettings;
      readonly localParentNotSampled?: SamplerSettings;
    };

/** The specification's default: what the caller decided, and everything that has no caller. */
export const DEFAULT_SAMPLER: SamplerSettings = { kind: 'parent_based', root: { kind: 'always_on' } };

const NAMES = ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'];

/** OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG. */
export function samplerFromEnv(env: Env, notify: Notify): SamplerSettings {
  const name = textFromEnv(env, 'OTEL_TRACES_SAMPLER')?.toLowerCase();
  if (name === undefined) return DEFAULT_SAMPLER;
  if (!NAMES.includes(name)) {
    notify(`OTEL_TRACES_SAMPLER=${name.slice(0, 40)} is not supported; parentbased_always_on is used. Allowed: ${NAMES.join(', ')}.`);
    return DEFAULT_SAMPLER;
  }
  const isParentBased = name.startsWith('parentbased_');
  const root = rootSampler(name.replace('parentbased_', ''), env, notify);
  return isParentBased ? { kind: 'parent_based', root } : root;
}

function rootSampler(name: string, env: Env, notify: Notify): SamplerSettings {
  if (name === 'traceidratio') return { kind: 'trace_id_ratio', ratio: ratioFromEnv(env, notify) };
  return { kind: name === 'always_off' ? 'always_off' : 'always_on' };
}

function ratioFromEnv(env: Env, notify: Notify): number {
  const text = textFromEnv(env, 'OTEL_TRACES_SAMPLER_ARG');
  if (text === undefined) return 1;
  const ratio = Number(text);
  if (ratio >= 0 && ratio <= 1) return ratio;
  notify(`OTEL_TRACES_SAMPLER_ARG=${text.slice(0, 40)} is not a number from 0 to 1; 1 is used.`);
  return 1;
}
