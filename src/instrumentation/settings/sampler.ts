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
