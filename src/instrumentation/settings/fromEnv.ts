import type { Attributes } from '@opentelemetry/api';
import type { Notify } from './env.js';
import { DEFAULT_COUNT } from './limits.js';
import type { LogLimitSettings, SpanLimitSettings } from './limits.js';
import type { OtelSettings } from './otelSettings.js';
import { otelReader } from './otelReader.js';
import type { EnvironmentSource, OtelReader } from './otelReader.js';
import { otelVariables } from './otelVariables.js';
import type { PrometheusRequest } from './prometheus.js';
import type { PropagatorName } from './propagators.js';
import { DETECTORS } from './resourceSettings.js';
import type { ResourceSettings } from './resourceSettings.js';
import type { SamplerSettings } from './sampler.js';
import { batchedSettings, metricSettings } from './signalsFromEnv.js';

/** Reads the settings from the OTEL_* variables. */
export function settingsFromEnv(source: EnvironmentSource): OtelSettings {
  const read = otelReader(source.env, source.notify);
  return {
    disabled: read.value('OTEL_SDK_DISABLED'),
    traces: batchedSettings(source, read, 'traces'),
    metrics: metricSettings(source, read),
    logs: batchedSettings(source, read, 'logs'),
    spanLimits: spanLimits(read),
    logLimits: logLimits(read, source.notify),
    sampler: sampler(read),
    propagators: propagators(read),
    resource: resource(read),
    views: [],
    exemplarFilter: read.value('OTEL_METRICS_EXEMPLAR_FILTER'),
    prometheusRequest: prometheusRequest(read),
    diagnosticsLevel: read.given('OTEL_LOG_LEVEL'),
  };
}

function spanLimits(read: OtelReader): SpanLimitSettings {
  return {
    attributeCountLimit: read.given('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT') ?? read.value('OTEL_ATTRIBUTE_COUNT_LIMIT'),
    attributeValueLengthLimit:
      read.given('OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? read.given('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? Infinity,
    eventCountLimit: read.value('OTEL_SPAN_EVENT_COUNT_LIMIT'),
    linkCountLimit: read.value('OTEL_SPAN_LINK_COUNT_LIMIT'),
    attributePerEventCountLimit: read.given('OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT') ?? read.value('OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT'),
    attributePerLinkCountLimit: read.given('OTEL_LINK_ATTRIBUTE_COUNT_LIMIT') ?? read.value('OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT'),
  };
}

/** The SDK does not accept 0 for log records. */
function logLimits(read: OtelReader, notify: Notify): LogLimitSettings {
  const general = (name: 'OTEL_ATTRIBUTE_COUNT_LIMIT' | 'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'): number | undefined => {
    const limit = read.given(name);
    if (limit !== 0) return limit;
    notify(`${name} must be 1 or more for log records. Their default is used.`);
    return undefined;
  };
  return {
    attributeCountLimit: read.given('OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT') ?? general('OTEL_ATTRIBUTE_COUNT_LIMIT') ?? DEFAULT_COUNT,
    attributeValueLengthLimit:
      read.given('OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? general('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? Infinity,
  };
}

function sampler(read: OtelReader): SamplerSettings {
  const name = read.value('OTEL_TRACES_SAMPLER');
  const root: SamplerSettings = name.endsWith('traceidratio')
    ? { kind: 'trace_id_ratio', ratio: read.value('OTEL_TRACES_SAMPLER_ARG') }
    : { kind: name.endsWith('always_off') ? 'always_off' : 'always_on' };
  return name.startsWith('parentbased_') ? { kind: 'parent_based', root } : root;
}

/** An empty list means that no context is read or passed on. */
function propagators(read: OtelReader): readonly PropagatorName[] {
  const given = read.given('OTEL_PROPAGATORS') ?? [];
  const names = given.length === 0 ? otelVariables.OTEL_PROPAGATORS.default : given;
  return names.includes('none') ? [] : names.filter((name) => name !== 'none');
}

function resource(read: OtelReader): ResourceSettings {
  const chosen = read.value('OTEL_NODE_RESOURCE_DETECTORS');
  if (chosen.includes('none')) return { detectors: [], attributes: {} };
  const isChosen = (...names: readonly string[]): boolean => chosen.some((name) => names.includes(name));
  return {
    detectors: DETECTORS.filter((name) => isChosen('all', name, ...(name === 'serviceinstance' ? ['service'] : []))),
    attributes: isChosen('all', 'env', 'service') ? resourceAttributes(read) : {},
  };
}

function resourceAttributes(read: OtelReader): Attributes {
  const serviceName = read.given('OTEL_SERVICE_NAME');
  return { ...read.given('OTEL_RESOURCE_ATTRIBUTES'), ...(serviceName === undefined ? {} : { 'service.name': serviceName }) };
}

/** OTEL_METRICS_EXPORTER, when set, decides: `none` turns the endpoint off whatever the other settings say. */
function prometheusRequest(read: OtelReader): PrometheusRequest {
  const exporters = read.given('OTEL_METRICS_EXPORTER');
  const port = read.given('OTEL_EXPORTER_PROMETHEUS_PORT');
  const host = read.given('OTEL_EXPORTER_PROMETHEUS_HOST');
  const isAsked = exporters?.includes('prometheus') === true || port !== undefined;
  const otherwise = exporters === undefined ? 'unspecified' : 'unwanted';
  return {
    wish: exporters?.includes('none') === true ? 'forbidden' : isAsked ? 'asked' : otherwise,
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
  };
}
