import { basename } from 'node:path';
import type { Attributes } from '@opentelemetry/api';
import type { Resource, ResourceDetector } from '@opentelemetry/resources';
import { jsRuntimeOf } from '../loading/jsRuntime.js';
import { keyFilter } from './keyFilter.js';
import type { SdkModules } from './sdkModules.js';
import type { TelemetrySettings } from '../settings/resolve.js';
import type { DetectorName, KeyPatterns } from '../settings/resourceSettings.js';

/**
 * Attributes of the default resource that quote the command line, or name a person (paths hold home folders). A `--password=`
 * argument would otherwise be in every export of every signal, and in `target_info`.
 */
const PRIVATE = [
  'process.command_args',
  'process.command_line',
  'process.command',
  'process.owner',
  'process.executable.path',
  'process.executable.name',
];

/**
 * Creates the resource, which is the same for all signals.
 *
 * Precedence: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES or the configuration file (whoever runs the process knows best),
 * then options, then what detectors find.
 */
export function createResource(
  { resources }: Pick<SdkModules, 'resources'>,
  { options, resource: settings }: Pick<TelemetrySettings, 'options' | 'resource'>,
): Resource {
  const named: Record<DetectorName, ResourceDetector> = {
    host: resources.hostDetector,
    os: resources.osDetector,
    process: {
      detect: () => ({ attributes: { ...withoutPrivate(resources.processDetector.detect().attributes), ...runtimeAttributes() } }),
    },
    serviceinstance: resources.serviceInstanceIdDetector,
  };
  const detectors = settings.detectors.map((name) =>
    settings.detected === undefined ? named[name] : filtered(named[name], settings.detected),
  );
  const fromOptions: Attributes = {
    // The SDK's own default puts the path of the executable after the colon.
    'service.name': `unknown_service:${basename(process.execPath)}`,
    ...options.resourceAttributes,
    ...(options.serviceName === undefined ? {} : { 'service.name': options.serviceName }),
    ...(options.serviceVersion === undefined ? {} : { 'service.version': options.serviceVersion }),
  };
  return resources
    .defaultResource()
    .merge(resources.detectResources({ detectors }))
    .merge(resources.resourceFromAttributes(fromOptions))
    .merge(
      resources.resourceFromAttributes(settings.attributes, settings.schemaUrl === undefined ? {} : { schemaUrl: settings.schemaUrl }),
    );
}

function filtered(detector: ResourceDetector, patterns: KeyPatterns): ResourceDetector {
  const keeps = keyFilter(patterns);
  return {
    detect: () => ({ attributes: Object.fromEntries(Object.entries(detector.detect().attributes ?? {}).filter(([key]) => keeps(key))) }),
  };
}

function withoutPrivate<T>(attributes: Record<string, T> | undefined): Record<string, T> {
  return Object.fromEntries(Object.entries(attributes ?? {}).filter(([key]) => !PRIVATE.includes(key)));
}

/** The SDK takes every runtime for Node. */
function runtimeAttributes(): Attributes {
  const { name, version } = jsRuntimeOf(process.versions);
  return name === 'node'
    ? {}
    : {
        'process.runtime.name': name,
        'process.runtime.version': version,
        'process.runtime.description': name === 'bun' ? 'Bun' : 'Deno',
      };
}
