import { TelemetryStore } from '../../../src/testing/telemetryStore.js';
import type { MetricPoint } from '../../../src/testing/records.js';
import { countItems, eachName, SPAN_NAME } from '../otlpItems.js';

/** What one sender has sent. */
export interface Received {
  readonly spansByName: Readonly<Record<string, number>>;
  readonly logRecords: number;
  /** Names of its metrics. */
  readonly metrics: readonly string[];
  /** Measurements that its histograms hold. */
  readonly measurements: number;
  /** Before compression is undone. */
  readonly bytes: number;
}

/** One body as it came, unpacked. */
export interface Arrival {
  /** From the last part of the path that says what it is: `/v1/traces`, or `/envelope/`. */
  readonly path: string;
  readonly isJson: boolean;
  readonly body: Buffer;
  readonly wireBytes: number;
}

const MOST_POINTS = 100_000;

/** Counts what one sender sends, whatever protocol it has, and keeps nothing of it: OTLP in protobuf or JSON, and Sentry's envelopes. */
export class Tally {
  readonly #spansByName: Record<string, number> = {};
  readonly #metrics = new Set<string>();
  readonly #measurements = new Map<string, number>();
  #logRecords = 0;
  #bytes = 0;

  add({ path, isJson, body, wireBytes }: Arrival): void {
    this.#bytes += wireBytes;
    if (path.includes('/envelope/')) this.#addEnvelope(body.toString());
    else if (path.endsWith('/traces')) this.#addSpans(isJson, body);
    else if (path.endsWith('/logs'))
      this.#logRecords += isJson ? itemsOf(body, 'resourceLogs', 'scopeLogs', 'logRecords').length : countItems(body);
    else if (path.endsWith('/metrics')) this.#addPoints(isJson, body);
  }

  received(): Received {
    return {
      spansByName: this.#spansByName,
      logRecords: this.#logRecords,
      metrics: [...this.#metrics].sort(),
      measurements: [...this.#measurements.values()].reduce((sum, count) => sum + count, 0),
      bytes: this.#bytes,
    };
  }

  #addSpan(name: string): void {
    this.#spansByName[name] = (this.#spansByName[name] ?? 0) + 1;
  }

  #addSpans(isJson: boolean, body: Buffer): void {
    if (!isJson) eachName(body, SPAN_NAME, (name) => this.#addSpan(name));
    else for (const { name } of itemsOf(body, 'resourceSpans', 'scopeSpans', 'spans')) this.#addSpan(String(name));
  }

  /** Metrics come rarely, so they can be read in full: counts since the start replace each other, counts since the last export add up. */
  #addPoints(isJson: boolean, body: Buffer): void {
    const store = new TelemetryStore(MOST_POINTS);
    store.accept('metrics', isJson ? 'json' : 'protobuf', body);
    for (const point of store.metricPoints.list()) {
      this.#metrics.add(point.metric);
      if (point.kind !== 'histogram' && point.kind !== 'exponentialHistogram') continue;
      const series = seriesOf(point);
      const before = point.temporality === 'DELTA' ? (this.#measurements.get(series) ?? 0) : 0;
      this.#measurements.set(series, before + point.count);
    }
  }

  /** Lines of JSON, in pairs of item header and item. */
  #addEnvelope(text: string): void {
    const lines = text.split('\n').slice(1);
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const { type } = JSON.parse(lines[at] || '{}') as { readonly type?: string };
      const payload = JSON.parse(lines[at + 1] || '{}') as SentryItem;
      const items = payload.items ?? [];
      if (type === 'transaction') {
        this.#addSpan(payload.transaction ?? '');
        for (const { description } of payload.spans ?? []) this.#addSpan(description ?? '');
      } else if (type === 'span') for (const { name } of items) this.#addSpan(name ?? '');
      else if (type === 'log') this.#logRecords += items.length;
      else if (type === 'trace_metric') for (const { name } of items) this.#metrics.add(name ?? '');
    }
  }
}

interface SentryItem {
  readonly transaction?: string;
  readonly spans?: readonly { readonly description?: string }[];
  readonly items?: readonly { readonly name?: string }[];
}

type Named = Readonly<Record<string, unknown>>;

/** Items of an OTLP body in JSON. */
function itemsOf(body: Buffer, resources: string, scopes: string, items: string): readonly Named[] {
  const under = (parents: readonly Named[], key: string): readonly Named[] =>
    parents.flatMap((parent) => (parent[key] ?? []) as readonly Named[]);
  return under(under(under([JSON.parse(body.toString()) as Named], resources), scopes), items);
}

function seriesOf({ metric, scope, attributes }: MetricPoint): string {
  const inText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
  return JSON.stringify([scope.name, metric, attributes], inText);
}
