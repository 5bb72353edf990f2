import { randomBytes } from 'node:crypto';
import { metrics } from '@opentelemetry/api';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { NodeSdkParts } from './nodeSdk.js';
import { createSampler } from './sampler.js';
import { useOwnMeters } from './points/ownMeters.js';
import { useOwnLoggers } from './records/ownLoggers.js';
import type { RecordSink } from './records/ownLogger.js';
import { RandomIds } from './spans/randomIds.js';
import { useOwnTracers } from './spans/ownTracers.js';

type OwnHandleParts = Omit<NodeSdkParts, 'views'>;

/**
 * Has what this package emits itself made by cheaper tracers, loggers and instruments of our own, with the same settings, sampler and
 * processors. Returns a function that undoes it. Where the SDK is to report metrics about itself, its own are kept: only they count for
 * those.
 */
export function useOwnHandles({ sdk, settings, env, resource, ...feeds }: OwnHandleParts): () => void {
  if (env['OTEL_NODE_EXPERIMENTAL_SDK_METRICS']?.trim().toLowerCase() === 'true') return () => undefined;
  const { core } = sdk;
  const { spanProcessors, logRecordProcessors, metricReaders } = feeds;
  const undo: (() => void)[] = [];
  if (spanProcessors.length > 0) {
    const [sampler, ids] = [createSampler(sdk, settings.sampler), new RandomIds(randomBytes)];
    undo.push(useOwnTracers({ sdk, sampler, ids, limits: settings.spanLimits, processors: spanProcessors, resource }));
  }
  const sinks = logRecordProcessors.filter(takesReadable);
  if (sinks.length > 0 && sinks.length === logRecordProcessors.length) {
    const { attributeCountLimit: count, attributeValueLengthLimit: length } = settings.logLimits;
    // The SDK does not accept 0 for log records.
    const limits = { attributeCountLimit: Math.max(1, count), attributeValueLengthLimit: Math.max(1, length) };
    undo.push(useOwnLoggers({ core, limits, sinks, resource }));
  }
  if (metricReaders.length > 0) undo.push(useOwnMeters(metrics.getMeterProvider()));
  return () => {
    for (const step of undo) step();
  };
}

/** Processors that print get the SDK's records: they may call what only those have. */
function takesReadable(processor: LogRecordProcessor | (LogRecordProcessor & RecordSink)): processor is LogRecordProcessor & RecordSink {
  return 'takesReadable' in processor && processor.takesReadable === true;
}
