import type { Sampler } from '@opentelemetry/sdk-trace';
import type { SdkModules } from './sdkModules.js';
import type { SamplerSettings } from '../settings/sampler.js';

export function createSampler({ trace }: Pick<SdkModules, 'trace'>, settings: SamplerSettings): Sampler {
  const create = (part: SamplerSettings): Sampler => createSampler({ trace }, part);
  switch (settings.kind) {
    case 'always_on':
      return new trace.AlwaysOnSampler();
    case 'always_off':
      return new trace.AlwaysOffSampler();
    case 'trace_id_ratio':
      return new trace.TraceIdRatioBasedSampler(settings.ratio);
    case 'parent_based': {
      const { root, remoteParentSampled, remoteParentNotSampled, localParentSampled, localParentNotSampled } = settings;
      return new trace.ParentBasedSampler({
        root: create(root),
        ...(remoteParentSampled === undefined ? {} : { remoteParentSampled: create(remoteParentSampled) }),
        ...(remoteParentNotSampled === undefined ? {} : { remoteParentNotSampled: create(remoteParentNotSampled) }),
        ...(localParentSampled === undefined ? {} : { localParentSampled: create(localParentSampled) }),
        ...(localParentNotSampled === undefined ? {} : { localParentNotSampled: create(localParentNotSampled) }),
      });
    }
  }
}
