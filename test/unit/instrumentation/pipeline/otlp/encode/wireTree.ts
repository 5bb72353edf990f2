import { ProtobufReader } from '../../../../../../src/testing/otlp/protobufReader.js';

/** Which fields of a message are messages themselves; every other field is compared as it lies on the wire. */
export type Shape = { readonly [field: number]: Shape };

const anyValue: { [field: number]: Shape } = {};
const keyValue: Shape = { 2: anyValue };
anyValue[5] = { 1: anyValue };
anyValue[6] = { 1: keyValue };

const status: Shape = {};
const span: Shape = { 9: keyValue, 11: { 3: keyValue }, 13: { 4: keyValue }, 15: status };
const logRecord: Shape = { 5: anyValue, 6: keyValue };
const numberPoint: Shape = { 7: keyValue };
const buckets: Shape = {};
const metric: Shape = {
  5: { 1: numberPoint },
  7: { 1: numberPoint },
  9: { 1: { 9: keyValue } },
  10: { 1: { 1: keyValue, 8: buckets, 9: buckets } },
};

/** `ExportTraceServiceRequest`, `ExportMetricsServiceRequest` and `ExportLogsServiceRequest` of opentelemetry-proto 1.x. */
export const traceRequest: Shape = { 1: { 1: { 1: keyValue }, 2: { 1: { 3: keyValue }, 2: span } } };
export const metricsRequest: Shape = { 1: { 1: { 1: keyValue }, 2: { 1: { 3: keyValue }, 2: metric } } };
export const logsRequest: Shape = { 1: { 1: { 1: keyValue }, 2: { 1: { 3: keyValue }, 2: logRecord } } };

/** Protobuf's defaults, which encoders may write or not. */
const DEFAULTS: ReadonlySet<unknown> = new Set([0n, 'fixed32 0', '']);

/**
 * A message as nested lists of field number and value, in order of field numbers. Defaults are left out, except in
 * values, where the field says what kind of value there is, and so is a status that says nothing.
 */
export function wireTree(bytes: Uint8Array, shape: Shape): unknown[] {
  const reader = new ProtobufReader(bytes);
  const fields: [number, unknown][] = [];
  while (!reader.done) {
    const tag = reader.varint32();
    const field = tag >>> 3;
    const nested = shape[field];
    const value = nested === undefined ? scalar(reader, tag & 7) : wireTree(reader.bytes(), nested);
    const isDefault =
      nested === undefined ? DEFAULTS.has(value) && shape !== anyValue : nested === status && Array.isArray(value) && value.length === 0;
    if (!isDefault) fields.push([field, value]);
  }
  return fields.toSorted(([a], [b]) => a - b);
}

function scalar(reader: ProtobufReader, wireType: number): unknown {
  if (wireType === 0) return reader.varint();
  if (wireType === 1) return `fixed64 ${reader.fixed64()}`;
  if (wireType === 5) return `fixed32 ${reader.fixed32()}`;
  return Buffer.from(reader.bytes()).toString('hex');
}
