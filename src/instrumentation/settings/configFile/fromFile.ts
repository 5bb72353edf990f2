import type { Env } from '../env.js';
import type { OtelSettings } from '../otelSettings.js';
import type { ConfigNode } from './configNode.js';
import { meterProviderSettings } from './meterProvider.js';
import type { FileContext } from './otlpExporter.js';
import { propagatorsOf } from './propagator.js';
import { batchedSignal, logLimitsFromFile, spanLimitsFromFile } from './providers.js';
import { resourceOf } from './resource.js';
import { samplerOf } from './sampler.js';
import { viewsOf } from './views.js';

/** `log_level` is a severity; these are the corresponding levels of OpenTelemetry JS. */
const LEVELS: readonly (readonly [severity: string, level: string])[] = [
  ['trace', 'verbose'],
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
  ['fatal', 'none'],
];

/**
 * Translates a configuration file into settings for our own pipelines. The SDK's own startup from a file accepts no span
 * processor of ours, so the guard, the bounded flush and the counts would be missing.
 */
export function settingsFromFile(root: ConfigNode, env: Env, context: FileContext): OtelSettings {
  const tracer = root.child('tracer_provider');
  const meter = root.child('meter_provider');
  const logger = root.child('logger_provider');
  const general = root.child('attribute_limits');
  const settings: OtelSettings = {
    disabled: root.flag('disabled') ?? false,
    traces: batchedSignal(tracer, 'traces', context),
    logs: batchedSignal(logger, 'logs', context),
    ...meterProviderSettings(meter, context),
    spanLimits: spanLimitsFromFile(tracer?.child('limits'), general),
    logLimits: logLimitsFromFile(logger?.child('limits'), general),
    sampler: samplerOf(tracer?.child('sampler')),
    propagators: propagatorsOf(root.child('propagator')),
    resource: resourceOf(root.child('resource'), env),
    views: viewsOf(meter),
    diagnosticsLevel: levelOf(root.text('log_level')),
  };
  // The only generator there is, and the default.
  tracer?.child('id_generator')?.choice();
  root.reportUnasked();
  return settings;
}

/** Unset means what it means without a file: errors only, since stderr belongs to the host. */
function levelOf(severity: string | undefined): string | undefined {
  return LEVELS.find(([prefix]) => severity?.startsWith(prefix))?.[1];
}
