import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A value with its OTLP type: TraceQL distinguishes the text "5" from the number 5. */
export type Value = string | number | boolean | readonly Value[] | undefined;
export type Attributes = Readonly<Record<string, Value>>;

export interface CapturedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startS: number;
  readonly durationS: number;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
  readonly statusMessage: string;
  readonly attributes: Attributes;
  readonly resource: Attributes;
  readonly scope: string;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
}

export interface CapturedLog {
  readonly traceId: string;
  readonly spanId: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: string;
  readonly attributes: Attributes;
  readonly resource: Attributes;
  readonly scope: string;
}

export interface Captured {
  readonly spans: readonly CapturedSpan[];
  readonly logs: readonly CapturedLog[];
}

type Json = Readonly<Record<string, unknown>>;

/** What the collector's file exporters wrote into a folder, with the types that the back ends see. */
export function readCaptured(folder: string): Captured {
  return {
    spans: documents(folder, 'traces').flatMap((line) => recordsOf(line, 'resourceSpans', 'scopeSpans', 'spans').map(spanOf)),
    logs: documents(folder, 'logs').flatMap((line) => recordsOf(line, 'resourceLogs', 'scopeLogs', 'logRecords').map(logOf)),
  };
}

function documents(folder: string, signal: string): readonly Json[] {
  const path = join(folder, `${signal}.jsonl`);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Json);
}

interface Flat {
  readonly record: Json;
  readonly resource: Attributes;
  readonly scope: string;
}

function recordsOf(document: Json, resources: string, scopes: string, records: string): readonly Flat[] {
  return list(document[resources]).flatMap((each) =>
    list(each[scopes]).flatMap((inner) =>
      list(inner[records]).map((record) => ({
        record,
        resource: attributesOf((each['resource'] as Json | undefined)?.['attributes']),
        scope: text((inner['scope'] as Json | undefined)?.['name']),
      })),
    ),
  );
}

export function spanOf({ record, resource, scope }: Flat): CapturedSpan {
  const status = record['status'] as Json | undefined;
  const startNs = BigInt(text(record['startTimeUnixNano']) || 0);
  const endNs = BigInt(text(record['endTimeUnixNano']) || 0);
  return {
    traceId: text(record['traceId']),
    spanId: text(record['spanId']),
    parentSpanId: text(record['parentSpanId']),
    name: text(record['name']),
    kind: Number(record['kind'] ?? 0),
    startS: Number(startNs / 1_000_000n) / 1000,
    durationS: Number(endNs - startNs) / 1e9,
    status: Number(status?.['code'] ?? 0),
    statusMessage: text(status?.['message']),
    attributes: attributesOf(record['attributes']),
    resource,
    scope,
    events: list(record['events']).map((event) => ({ name: text(event['name']), attributes: attributesOf(event['attributes']) })),
  };
}

function logOf({ record, resource, scope }: Flat): CapturedLog {
  const body = valueOf(record['body'] as Json | undefined);
  return {
    traceId: text(record['traceId']),
    spanId: text(record['spanId']),
    severityNumber: Number(record['severityNumber'] ?? 0),
    severityText: text(record['severityText']),
    body: typeof body === 'string' ? body : JSON.stringify(body ?? ''),
    attributes: attributesOf(record['attributes']),
    resource,
    scope,
  };
}

export function attributesOf(attributes: unknown): Attributes {
  return Object.fromEntries(list(attributes).map((each) => [text(each['key']), valueOf(each['value'] as Json | undefined)]));
}

function valueOf(any: Json | undefined): Value {
  if (any === undefined) return undefined;
  if ('stringValue' in any) return text(any['stringValue']);
  if ('boolValue' in any) return any['boolValue'] === true;
  if ('intValue' in any) return Number(any['intValue']);
  if ('doubleValue' in any) return Number(any['doubleValue']);
  if ('arrayValue' in any) return list((any['arrayValue'] as Json)['values']).map(valueOf);
  return JSON.stringify(any);
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
