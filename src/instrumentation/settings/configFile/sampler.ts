import { DEFAULT_SAMPLER } from '../sampler.js';
import type { SamplerSettings } from '../sampler.js';
import type { ConfigNode } from './configNode.js';

/** Reads `tracer_provider.sampler`. An unsupported one is reported and replaced by the default. */
export function samplerOf(node: ConfigNode | undefined): SamplerSettings {
  return node === undefined ? DEFAULT_SAMPLER : (samplerChoice(node) ?? DEFAULT_SAMPLER);
}

function samplerChoice(node: ConfigNode): SamplerSettings | undefined {
  const [name, content] = node.choice();
  switch (name) {
    case 'always_on':
    case 'always_off':
      return { kind: name };
    case 'trace_id_ratio_based':
      return { kind: 'trace_id_ratio', ratio: Math.min(1, Math.max(0, content.number('ratio') ?? 1)) };
    case 'parent_based':
      return parentBased(content);
    default:
      node.notify(name, 'is not supported; the default is used. Use always_on, always_off, trace_id_ratio_based or parent_based');
      return undefined;
  }
}

function parentBased(node: ConfigNode): SamplerSettings {
  const part = (key: string): SamplerSettings | undefined => {
    const sampler = node.child(key);
    return sampler === undefined ? undefined : samplerChoice(sampler);
  };
  const remoteParentSampled = part('remote_parent_sampled');
  const remoteParentNotSampled = part('remote_parent_not_sampled');
  const localParentSampled = part('local_parent_sampled');
  const localParentNotSampled = part('local_parent_not_sampled');
  return {
    kind: 'parent_based',
    root: part('root') ?? { kind: 'always_on' },
    ...(remoteParentSampled === undefined ? {} : { remoteParentSampled }),
    ...(remoteParentNotSampled === undefined ? {} : { remoteParentNotSampled }),
    ...(localParentSampled === undefined ? {} : { localParentSampled }),
    ...(localParentNotSampled === undefined ? {} : { localParentNotSampled }),
  };
}
