import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {Record<string, unknown>} Attributes */
/**
 * @typedef {object} Record_  One span, metric point or log record, with what it inherits from its resource and scope.
 * @property {Attributes} resource
 * @property {string} scope
 * @property {Attributes} attributes
 */
/** @typedef {Record_ & { traceId: string, spanId: string, parentSpanId: string, name: string, [rest: string]: unknown }} Span */
/**
 * @typedef {Record_ & { name: string, kind: string, timeUnixNano: string, traceId?: string, spanId?: string, [rest: string]: unknown }}
 * MetricPoint
 */
/** @typedef {Record_ & { timeUnixNano: string, traceId: string, spanId: string, body: unknown, [rest: string]: unknown }} LogRecord */
/** @typedef {{ spans: Span[], metricPoints: MetricPoint[], logRecords: LogRecord[] }} Exported */

/**
 * Returns everything that config.file.yaml wrote under `dir`. A signal without a file has no records.
 * @param {string} dir
 * @returns {Exported}
 */
export function readExport(dir) {
  return {
    spans: documents(dir, 'traces').flatMap((document) => each(document.resourceSpans, 'scopeSpans', 'spans')),
    metricPoints: metricPoints(dir, 'metrics'),
    logRecords: documents(dir, 'logs')
      .flatMap((document) => each(document.resourceLogs, 'scopeLogs', 'logRecords'))
      .map((record) => ({ ...record, body: value(record.body) })),
  };
}

/**
 * Returns the points that the collector made of spans, and those about itself, as config.file.yaml wrote them.
 * @param {string} dir
 */
export function readDerived(dir) {
  return metricPoints(dir, 'derived');
}

/** @returns {MetricPoint[]} */
function metricPoints(/** @type {string} */ dir, /** @type {string} */ file) {
  return documents(dir, file)
    .flatMap((document) => each(document.resourceMetrics, 'scopeMetrics', 'metrics'))
    .flatMap(points);
}

/** Returns the files as text, to search for what must not be in them. */
export function readRaw(/** @type {string} */ dir) {
  return ['traces', 'metrics', 'logs', 'derived'].map((signal) => text(dir, signal)).join('\n');
}

function text(/** @type {string} */ dir, /** @type {string} */ signal) {
  const path = join(dir, `${signal}.jsonl`);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function documents(/** @type {string} */ dir, /** @type {string} */ signal) {
  return text(dir, signal)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/**
 * OTLP nests records in scopes in resources; callers want them flat.
 * @param {any[] | undefined} resources
 */
function each(resources = [], scopesKey = '', recordsKey = '') {
  return resources.flatMap(({ resource, [scopesKey]: scopes = [] }) =>
    scopes.flatMap((/** @type {any} */ { scope, [recordsKey]: records = [] }) =>
      records.map((/** @type {any} */ record) => ({
        ...record,
        resource: attributes(resource?.attributes),
        scope: scope?.name ?? '',
        attributes: attributes(record.attributes),
      })),
    ),
  );
}

const pointKinds = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];

/** The ids are those of a point's first exemplar. */
function points(/** @type {any} */ metric) {
  const kind = pointKinds.find((candidate) => candidate in metric) ?? 'empty';
  const { dataPoints = [] } = metric[kind] ?? {};
  return dataPoints.map((/** @type {any} */ point) => ({
    ...point,
    traceId: point.exemplars?.[0]?.traceId,
    spanId: point.exemplars?.[0]?.spanId,
    name: metric.name,
    unit: metric.unit ?? '',
    kind,
    resource: metric.resource,
    scope: metric.scope,
    attributes: attributes(point.attributes),
  }));
}

/**
 * @param {{ key: string, value?: any }[] | undefined} list
 * @returns {Attributes}
 */
function attributes(list = []) {
  return Object.fromEntries(list.map((attribute) => [attribute.key, value(attribute.value)]));
}

/** Returns OTLP's AnyValue as a plain value; 64-bit integers stay text, as in JSON. */
function value(/** @type {any} */ any) {
  if (any === undefined || any === null) return undefined;
  if ('arrayValue' in any) return (any.arrayValue.values ?? []).map(value);
  if ('kvlistValue' in any) return attributes(any.kvlistValue.values);
  return Object.values(any)[0];
}
