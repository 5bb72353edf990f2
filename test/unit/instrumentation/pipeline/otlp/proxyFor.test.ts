import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { proxyFor } from '../../../../../src/instrumentation/pipeline/otlp/proxyFor.js';

const URLS = [
  'http://collector:4318/v1/traces',
  'https://collector',
  'https://otel.example.org:4317',
  'http://10.0.0.7:4317',
  'http://[::1]:4318',
  'http://localhost',
];
const EXCEPTIONS = [
  '',
  '*',
  'collector',
  'COLLECTOR:4318',
  'collector:4319',
  'collector:443',
  '.example.org',
  'example.org',
  '*.example.org',
  '.tel.example.org',
  '10.0.0.1-10.0.0.9',
  '10.0.0.8 - 10.0.1.0',
  '10.0.0.0/8',
  '::1',
  '[::1]',
  ' localhost , x',
  'localhost:80',
];
const PROXIES = [
  { HTTP_PROXY: 'http://a:1', HTTPS_PROXY: 'http://b:2' },
  { http_proxy: 'http://c:3', HTTP_PROXY: 'http://a:1' },
  { HTTPS_PROXY: 'https://b' },
  { HTTP_PROXY: 'socks5://a:1', https_proxy: '' },
  { no_proxy: 'otel.example.org', HTTPS_PROXY: 'http://b:2' },
];

/** Node's own answers, out of its inside: whether it would use a proxy, and which. */
const NODE = `
  const { parseProxyConfigFromEnv } = require('internal/http');
  const cases = JSON.parse(process.argv[1]);
  const answers = cases.map(([url, env]) => {
    const { protocol, hostname, port } = new URL(url);
    const config = parseProxyConfigFromEnv(env, protocol, true);
    const host = hostname.replace(/^\\[(.*)\\]$/, '$1');
    return config !== null && config.shouldUseProxy(host, port || (protocol === 'https:' ? 443 : 80)) ? new URL(config.href).href : null;
  });
  process.stdout.write(JSON.stringify(answers));`;

it('a proxy is used where Node’s own requests would use it', () => {
  const cases = URLS.flatMap((url) =>
    PROXIES.flatMap((proxies) => EXCEPTIONS.map((exceptions) => [url, { NO_PROXY: exceptions, ...proxies }] as const)),
  );
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-internals', '-e', NODE, JSON.stringify(cases)], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const ours = cases.map(([url, env]) => proxyFor(new URL(url), env)?.href ?? null);
  expect(ours.map((answer, index) => [cases[index], answer])).toEqual(
    (JSON.parse(stdout) as unknown[]).map((answer, index) => [cases[index], answer]),
  );
  expect(new Set(ours).size).toBeGreaterThan(3);
});
