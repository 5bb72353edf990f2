import type { Resource } from '@opentelemetry/resources';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { IMetricReader, ViewOptions } from '@opentelemetry/sdk-metrics';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { createPropagator } from './propagator.js';
import { createSampler } from './sampler.js';
import { withEnvironment } from './sdkEnvironment.js';
import type { SdkModules } from './sdkModules.js';
import type { Env } from '../settings/env.js';
import type { TelemetrySettings } from '../settings/resolve.js';

export interface NodeSdkParts {
  readonly sdk: SdkModules;
  readonly settings: TelemetrySettings;
  /** As `effectiveEnvironment` returns it: the variables that NodeSDK may read by itself. */
  readonly env: Env;
  readonly resource: Resource;
  readonly spanProcessors: readonly SpanProcessor[];
  readonly logRecordProcessors: readonly LogRecordProcessor[];
  readonly metricReaders: readonly IMetricReader[];
  readonly views: readonly ViewOptions[];
}

/** Starts sdk-node with everything decided here, so that it decides nothing by itself, and registers it globally. */
export function startNodeSdk({ sdk, settings, env, resource, ...parts }: NodeSdkParts): { shutdown(): Promise<void> } {
  return withEnvironment(env, () => {
    const nodeSdk = new sdk.node.NodeSDK({
      autoDetectResources: false,
      resource,
      spanProcessors: [...parts.spanProcessors],
      logRecordProcessors: [...parts.logRecordProcessors],
      metricReaders: [...parts.metricReaders],
      views: [...parts.views],
      sampler: createSampler(sdk, settings.sampler),
      spanLimits: { ...settings.spanLimits },
      textMapPropagator: createPropagator(sdk, settings.propagators),
    });
    nodeSdk.start();
    return nodeSdk;
  });
}
