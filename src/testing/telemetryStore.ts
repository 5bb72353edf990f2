import { isDeepStrictEqual } from 'node:util';
import type { LogRecord, MetricPoint, ResourceRecord, Signal, SpanRecord } from './records.js';
import { asMessage } from './otlp/fields.js';
import { decodeProtobuf } from './otlp/decodeProtobuf.js';
import type { Batch } from './otlp/batch.js';
import { logRecordsOf } from './otlp/logs.js';
import { metricPointsOf } from './otlp/metrics.js';
import { parseJson } from './otlp/parseJson.js';
import type { OtlpEncoding } from './otlp/responses.js';
import { spansOf } from './otlp/traces.js';
import { RecordLog } from './recordLog.js';

const REQUEST_MESSAGES: Readonly<Record<Signal, string>> = { traces: 'TracesRequest', metrics: 'MetricsRequest', logs: 'LogsRequest' };

/** What a payload added. */
export interface Accepted {
  readonly kept: number;
  readonly rejected: number;
  readonly reason: string;
}

/** Decoded telemetry of the three signals, each bounded separately. */
export class TelemetryStore {
  readonly spans: RecordLog<SpanRecord>;
  readonly metricPoints: RecordLog<MetricPoint>;
  readonly logRecords: RecordLog<LogRecord>;

  constructor(maxRecords: number) {
    this.spans = new RecordLog(maxRecords);
    this.metricPoints = new RecordLog(maxRecords);
    this.logRecords = new RecordLog(maxRecords);
  }

  /** Decodes the whole payload before keeping any of it. Throws OtlpPayloadError. */
  accept(signal: Signal, encoding: OtlpEncoding, body: Uint8Array): Accepted {
    const request = encoding === 'json' ? asMessage(parseJson(body), 'request') : decodeProtobuf(REQUEST_MESSAGES[signal], body);
    switch (signal) {
      case 'traces':
        return keep(this.spans, spansOf(request));
      case 'metrics':
        return keep(this.metricPoints, metricPointsOf(request));
      case 'logs':
        return keep(this.logRecords, logRecordsOf(request));
    }
  }

  dropped(signal: Signal): number {
    return { traces: this.spans, metrics: this.metricPoints, logs: this.logRecords }[signal].dropped;
  }

  /** The distinct senders of everything kept, in order of first appearance. */
  resources(): readonly ResourceRecord[] {
    const distinct: ResourceRecord[] = [];
    const seen = new Set<ResourceRecord>();
    for (const { resource } of [...this.spans.list(), ...this.metricPoints.list(), ...this.logRecords.list()]) {
      if (seen.has(resource)) continue;
      seen.add(resource);
      if (!distinct.some((known) => isDeepStrictEqual(known, resource))) distinct.push(resource);
    }
    return distinct;
  }

  clear(): void {
    this.spans.clear();
    this.metricPoints.clear();
    this.logRecords.clear();
  }
}

function keep<T>(log: RecordLog<T>, batch: Batch<T>): Accepted {
  log.add(batch.records);
  return { kept: batch.records.length, rejected: batch.rejected, reason: batch.reason };
}
