import type { Notify } from '../env.js';
import { headersFromList, isHeader } from '../headers.js';
import { DEFAULT_GRPC_URL, DEFAULT_OTLP_TIMEOUT_MS, defaultHttpUrl, grpcUrl, httpUrl, MAX_TIMER_MS } from '../otlpTarget.js';
import type { OtlpTarget } from '../otlpTarget.js';
import type { Signal } from '../signals.js';
import { tlsMaterial } from '../tlsMaterial.js';
import type { NamedFile, ReadFile } from '../tlsMaterial.js';
import type { ConfigNode } from './configNode.js';

export interface FileContext {
  readonly stdio: boolean;
  readonly readFile: ReadFile;
  readonly notify: Notify;
}

/** Where an exporter in the file sends to; `console` prints. */
export type ExporterChoice =
  | { readonly kind: 'otlp'; readonly target: OtlpTarget; readonly node: ConfigNode }
  | { readonly kind: 'console'; readonly node: ConfigNode };

/**
 * Returns the exporter of one processor or reader; `undefined`, with a notice, for an unsupported one.
 *
 * @param longestMs time limit of the processor or reader around it
 */
export function exporterOf(node: ConfigNode, signal: Signal, longestMs: number, context: FileContext): ExporterChoice | undefined {
  const [name, content] = node.choice();
  if (name === 'console') {
    if (!context.stdio) return { kind: 'console', node: content };
    node.notify(name, 'is refused: on the stdio transport stdout carries only JSON-RPC. Use otlp_http');
    return undefined;
  }
  if (name === 'otlp_http') return { kind: 'otlp', target: httpTarget(content, signal, longestMs, context), node: content };
  if (name === 'otlp_grpc') return { kind: 'otlp', target: grpcTarget(content, longestMs, context), node: content };
  node.notify(name, 'is not supported; nothing is exported here. Use otlp_http, otlp_grpc or console');
  return undefined;
}

function httpTarget(node: ConfigNode, signal: Signal, longestMs: number, context: FileContext): OtlpTarget {
  const protocol = node.text('encoding') === 'json' ? 'http/json' : 'http/protobuf';
  const text = node.text('endpoint');
  const url = text === undefined ? undefined : httpUrl(text);
  const fallback = defaultHttpUrl(signal);
  if (text !== undefined && url === undefined) node.notify('endpoint', `is not an http:// or https:// URL; ${fallback} is used`);
  return { protocol, url: url?.href ?? fallback, ...common(node, node.child('tls'), longestMs, context) };
}

function grpcTarget(node: ConfigNode, longestMs: number, context: FileContext): OtlpTarget {
  const tls = node.child('tls');
  const text = node.text('endpoint');
  const url = text === undefined ? DEFAULT_GRPC_URL : grpcUrl(text, tls?.flag('insecure') ?? false);
  if (url === undefined) node.notify('endpoint', `is not a gRPC address; ${DEFAULT_GRPC_URL} is used`);
  return { protocol: 'grpc', url: url ?? DEFAULT_GRPC_URL, ...common(node, tls, longestMs, context) };
}

function common(
  node: ConfigNode,
  tls: ConfigNode | undefined,
  longestMs: number,
  context: FileContext,
): Omit<OtlpTarget, 'protocol' | 'url'> {
  const material = tls === undefined ? undefined : tlsOf(tls, context);
  return {
    headers: headersOf(node),
    compression: compressionOf(node),
    timeoutMs: Math.min(timeoutOf(node, 'timeout') ?? DEFAULT_OTLP_TIMEOUT_MS, longestMs),
    ...(material === undefined ? {} : { tls: material }),
  };
}

/** In the file's format 0 means no limit; here every wait has one. */
export function timeoutOf(node: ConfigNode, key: string): number | undefined {
  const given = node.integer(key, { min: 0, max: MAX_TIMER_MS });
  if (given !== 0) return given;
  node.notify(key, 'is 0 (no limit), which is not supported; the default is used');
  return undefined;
}

function compressionOf(node: ConfigNode): 'gzip' | 'none' {
  const given = node.text('compression') ?? 'none';
  if (given !== 'gzip' && given !== 'none') node.notify('compression', 'must be gzip or none; requests are not compressed');
  return given === 'gzip' ? 'gzip' : 'none';
}

function headersOf(node: ConfigNode): Record<string, string> {
  const headers = headersFromList(node.text('headers_list') ?? '', node.refusal('headers_list'));
  for (const entry of node.list('headers')) {
    const name = entry.text('name') ?? '';
    const value = entry.raw('value');
    if (typeof value !== 'string') continue; // null: "ignore this entry"
    if (isHeader(name, value)) headers[name] = value;
    else entry.notify('value', 'or its name contains characters that are invalid in a header; the header is ignored');
  }
  return headers;
}

function tlsOf(node: ConfigNode, { readFile, notify }: FileContext): OtlpTarget['tls'] | undefined {
  const file = (key: string): NamedFile | undefined => {
    const path = node.text(key);
    return path === undefined ? undefined : { setting: `${node.path}.${key}`, path };
  };
  return tlsMaterial({ ca: file('ca_file'), cert: file('cert_file'), key: file('key_file') }, readFile, notify);
}
