/** Which new spans are sampled; `root` and the other parts of `parent_based` are samplers themselves. */
export type SamplerSettings =
  | { readonly kind: 'always_on' | 'always_off' }
  | { readonly kind: 'trace_id_ratio'; readonly ratio: number }
  | {
      readonly kind: 'parent_based';
      readonly root: SamplerSettings;
      /** By default, each follows the parent's decision. */
      readonly remoteParentSampled?: SamplerSettings;
      readonly remoteParentNotSampled?: SamplerSettings;
      readonly localParentSampled?: SamplerSettings;
      readonly localParentNotSampled?: SamplerSettings;
    };

/** The specification's default: follows the caller's decision, and samples everything that has no caller. */
export const DEFAULT_SAMPLER: SamplerSettings = { kind: 'parent_based', root: { kind: 'always_on' } };
