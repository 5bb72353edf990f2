import { basename } from 'node:path';
import type { Attributes } from '@opentelemetry/api';
import type { Resource, ResourceDetector } from '@opentelemetry/resources';
import type { SdkModules } from './sdkModules.js';
import { listFromEnv } from './settings/env.js';
import type { Env } from './settings/env.js';
import type { InstrumentOptions } from './settings/options.js';

/**
 * Attributes of the default resource that quote the command line, or name a person (paths hold home folders). A `--password=` argument would
 * otherwise stand in every export of every signal, and in `target_info`.
 */
const PRIVATE = ['process.command_args', 'process.command_line', 'process.command', 'process.owner', 'process.executable.path', 'process.executable.name'];

/**
 * Who is speaking, the same for all signals.
 *
 * Precedence: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES (whoever runs the process knows best), then options, then
 * what detectors find. OTEL_NODE_RESOURCE_DETECTORS chooses among `env, host, os, process, serviceinstance`.
 */
export function createResource({ resources }: SdkModules, options: InstrumentOptions, env: Env): Resource {
  const named: Record<string, ResourceDetector> = {
    host: resources.hostDetector,
    os: resources.osDetector,
    process: { detect: () => ({ attributes: withoutPrivate(resources.processDetector.detect().attributes) }) },
    serviceinstance: resources.serviceInstanceIdDetector,
  };
  const chosen = listFromEnv(env, 'OTEL_NODE_RESOURCE_DETECTORS') ?? ['all'];
  const has = (name: string): boolean => !chosen.includes('none') && (chosen.includes('all') || chosen.includes(name));
  const detectors = Object.entries(named).flatMap(([name, detector]) => (has(name) ? [detector] : []));
  const fromOptions: Attributes = {
    // The SDK's own default puts the path of the executable behind the colon.
    'service.name': `unknown_service:${basename(process.execPath)}`,
    ...options.resourceAttributes,
    ...(options.serviceName === undefined ? {} : { 'service.name': options.serviceName }),
    ...(options.serviceVersion === undefined ? {} : { 'service.version': options.serviceVersion }),
  };
  const base = resources.defaultResource().merge(resources.detectResources({ detectors })).merge(resources.resourceFromAttributes(fromOptions));
  return has('env') ? base.merge(resources.detectResources({ detectors: [resources.envDetector] })) : base;
}

function withoutPrivate<T>(attributes: Record<string, T> | undefined): Record<string, T> {
  return Object.fromEntries(Object.entries(attributes ?? {}).filter(([key]) => !PRIVATE.includes(key)));
}
