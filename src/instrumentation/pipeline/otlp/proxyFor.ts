import { isIPv4 } from 'node:net';
import type { ProxyVariables } from './proxyVariables.js';

/**
 * Returns the proxy for `url` by Node's own rules (`lib/internal/http.js`, Node 24; a test compares): lower-case names first,
 * HTTP and HTTPS proxies only. Delete this when Node's agents and `http2.connect` open tunnels that do not keep the process
 * alive.
 */
export function proxyFor(url: URL, variables: ProxyVariables): URL | undefined {
  const isTls = url.protocol === 'https:';
  const proxy = isTls ? variables.https_proxy || variables.HTTPS_PROXY : variables.http_proxy || variables.HTTP_PROXY;
  if (!proxy || !/^https?:\/\//.test(proxy) || !URL.canParse(proxy)) return undefined;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const port = url.port || (isTls ? '443' : '80');
  const exceptions = (variables.no_proxy || variables.NO_PROXY || '')
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim());
  return exceptions.some((entry) => isExempt(entry, host, port)) ? undefined : new URL(proxy);
}

function isExempt(entry: string, host: string, port: string): boolean {
  if (entry === '*' || entry === host || entry === `${host}:${port}`) return true;
  if (entry.startsWith('.')) return host === entry.slice(1) || host.endsWith(entry);
  if (entry.startsWith('*.')) return host.endsWith(entry.slice(1));
  const [first = '', last = ''] = entry.split('-').map((address) => address.trim());
  return [first, last, host].every(isIPv4) && addressNumber(first) <= addressNumber(host) && addressNumber(host) <= addressNumber(last);
}

function addressNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
