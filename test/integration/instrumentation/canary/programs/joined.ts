import { createRequire } from 'node:module';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { Redis } from 'ioredis';
import pg from 'pg';
import { pino } from 'pino';
import { instrument } from '../../../../../src/instrumentation/instrument.js';
import type { CursorClass } from '../host/host.js';
import { putEverywhere } from '../host/putEverywhere.js';

// Somebody else's SDK was there first; what we put into it must be as clean as what we send ourselves.
const sdk = new NodeSDK({
  autoDetectResources: false,
  spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  metricReaders: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })],
  logRecordProcessors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })],
});
sdk.start();
await putEverywhere({ pg, Cursor: createRequire(import.meta.url)('pg-cursor') as CursorClass, Redis, pino, handle: instrument() });
await sdk.shutdown();
process.disconnect?.();
