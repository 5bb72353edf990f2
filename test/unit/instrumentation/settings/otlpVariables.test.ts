import { describe, expect, it } from 'vitest';
import { settingsOf } from './variables.js';
import type { Env, Expected } from './variables.js';

const targetOf = (env: Env, signal: 'traces' | 'logs' = 'traces') =>
  settingsOf(env).traces.outlets[0] === undefined ? undefined : settingsOf(env)[signal].outlets[0]?.target;

describe('OTEL_EXPORTER_OTLP_*', () => {
  it.each<[string, Env, Expected]>([
    ['nothing', {}, { url: 'http://localhost:4318/v1/traces', headers: {}, compression: 'none', timeoutMs: 10_000 }],
    ['a general address', { ENDPOINT: 'http://h:1' }, { url: 'http://h:1/v1/traces' }],
    ['a slash behind it', { ENDPOINT: 'http://h:1/' }, { url: 'http://h:1/v1/traces' }],
    ['a path', { ENDPOINT: 'https://h/otlp/' }, { url: 'https://h/otlp/v1/traces' }],
    ['a query', { ENDPOINT: 'https://h/otlp?key=1' }, { url: 'https://h/otlp/v1/traces?key=1' }],
    ['an address of the signal', { ENDPOINT: 'http://h:1', TRACES_ENDPOINT: 'http://t:2/mine' }, { url: 'http://t:2/mine' }],
    ['one without path', { TRACES_ENDPOINT: 'http://t:2' }, { url: 'http://t:2/' }],
    ['blanks around', { ENDPOINT: '  http://h:1  ' }, { url: 'http://h:1/v1/traces' }],
    ['an empty variable', { ENDPOINT: 'http://h:1', TRACES_ENDPOINT: ' ' }, { url: 'http://h:1/v1/traces' }],
    ['headers', { HEADERS: 'a=1, b = x%20y ,c=a=b' }, { headers: { a: '1', b: 'x y', c: 'a=b' } }],
    ['headers of the signal', { HEADERS: 'a=1,b=2', TRACES_HEADERS: 'b=3' }, { headers: { a: '1', b: '3' } }],
    ['gzip', { COMPRESSION: 'gzip', LOGS_COMPRESSION: 'none' }, { compression: 'gzip' }],
    ['timeouts', { TIMEOUT: '1000', TRACES_TIMEOUT: '77' }, { timeoutMs: 77 }],
    ['a certificate', { CERTIFICATE: 'ca.pem' }, { tls: { ca: Buffer.from('ca.pem') } }],
    [
      'a client certificate',
      { CLIENT_CERTIFICATE: 'c.pem', CLIENT_KEY: 'k.pem', TRACES_CLIENT_KEY: 'k2.pem' },
      { tls: { cert: Buffer.from('c.pem'), key: Buffer.from('k2.pem') } },
    ],
    ['gRPC', { PROTOCOL: 'grpc' }, { protocol: 'grpc', url: 'http://localhost:4317' }],
    ['gRPC over TLS', { PROTOCOL: 'grpc', ENDPOINT: 'https://h:4317/ignored' }, { url: 'https://h:4317' }],
    ['gRPC without scheme', { PROTOCOL: 'grpc', ENDPOINT: 'h:4317' }, { url: 'https://h:4317' }],
    ['gRPC in clear', { PROTOCOL: 'grpc', ENDPOINT: 'h:4317', INSECURE: 'TRUE' }, { url: 'http://h:4317' }],
    ['gRPC in clear for one signal', { PROTOCOL: 'grpc', TRACES_ENDPOINT: 'h:4317', TRACES_INSECURE: 'true' }, { url: 'http://h:4317' }],
    ['gRPC over a socket', { TRACES_PROTOCOL: 'grpc', TRACES_ENDPOINT: 'unix:///run/otel.sock' }, { url: 'unix:///run/otel.sock' }],
  ])('%s', (_what, variables, expected) => {
    const env = Object.fromEntries(Object.entries(variables).map(([name, value]) => [`OTEL_EXPORTER_OTLP_${name}`, value]));
    const target = targetOf(env);
    expect({ ...target, tls: target?.tls?.() }).toMatchObject(expected);
    expect(settingsOf(env).notices).toEqual([]);
  });

  it.each<[Env, Expected, string]>([
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'hunter2:4318' },
      { url: 'http://localhost:4318/v1/traces' },
      'OTEL_EXPORTER_OTLP_ENDPOINT: the value must be an http:// or https:// URL. It is ignored.',
    ],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'hunter2', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h' },
      { url: 'http://h/v1/traces' },
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: the value must be an http',
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'tcp://hunter2:4318' },
      { url: 'http://localhost:4318/v1/traces' },
      'OTEL_EXPORTER_OTLP_ENDPOINT: the value must be an http',
    ],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'Bearer hunter2' }, { headers: {} }, 'OTEL_EXPORTER_OTLP_HEADERS: item 1 must be name=value'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=1,=hunter2,c=%hunter2' }, { headers: { a: '1' } }, 'item 3 must be name=value'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'bad name=hunter2,c=%0Ahunter2' }, { headers: {} }, 'item 2 must be a valid header name and value'],
    [
      { OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' },
      { compression: 'none' },
      'OTEL_EXPORTER_OTLP_COMPRESSION: "zstd" must be one of gzip, none. The default, none, is used.',
    ],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: '-1' }, { timeoutMs: 10_000 }, 'OTEL_EXPORTER_OTLP_TIMEOUT: "-1" must be a whole number'],
    [
      { OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: 'soon', OTEL_EXPORTER_OTLP_TIMEOUT: '77' },
      { timeoutMs: 77 },
      'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "soon" must be a whole number from 1 to 2147483647 (ms). It is ignored.',
    ],
    [{ OTEL_EXPORTER_OTLP_CERTIFICATE: 'missing' }, {}, 'OTEL_EXPORTER_OTLP_CERTIFICATE: the file cannot be read'],
    [{ OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: 'c.pem' }, {}, 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: a client certificate needs its key'],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://' },
      { url: 'http://localhost:4317' },
      'OTEL_EXPORTER_OTLP_ENDPOINT: the value must be a gRPC address',
    ],
  ])('%j is reported once and replaced, and no secret is quoted', (env, expected, notice) => {
    const { notices } = settingsOf(env);
    expect(targetOf(env)).toMatchObject(expected);
    expect(notices.filter((each) => each.includes(notice))).toHaveLength(1);
    expect(notices.join('\n')).not.toContain('hunter2');
  });
});
