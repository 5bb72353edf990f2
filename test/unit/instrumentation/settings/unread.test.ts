import { describe, expect, it } from 'vitest';
import { settingsOf } from './variables.js';
import type { Env } from './variables.js';

describe('variables nobody reads', () => {
  it('are named, without their values', () => {
    const { notices } = settingsOf({
      OTEL_EXPORTER_OTLP_TRACE_ENDPOINT: 'hunter2',
      OTEL_EXPORTER_ZIPKIN_ENDPOINT: 'hunter2',
      OTEL_EXPERIMENTAL_CONFIG_FILE: 'hunter2',
    });
    expect(notices).toEqual([
      'OTEL_EXPORTER_OTLP_TRACE_ENDPOINT is not a recognised setting and is ignored.',
      'OTEL_EXPORTER_ZIPKIN_ENDPOINT is not supported and is ignored. Send OTLP to a collector.',
      'OTEL_EXPERIMENTAL_CONFIG_FILE is not supported and is ignored. Use OTEL_CONFIG_FILE.',
    ]);
  });

  it('of ours are named too, but not those of the server', () => {
    const { notices } = settingsOf({ HANDOFF_FLUSH_TIMEOUT: '1', HANDOFF_HTTP_PORT: '1', HANDOFF_MCP_MODE: 'off' });
    expect(notices).toEqual(['HANDOFF_FLUSH_TIMEOUT is not a recognised setting and is ignored.']);
  });

  it('are not what Kubernetes sets for a Service called otel-collector or handoff', () => {
    const links = (name: string): Env => ({
      [`${name}_SERVICE_HOST`]: '10.0.0.1',
      [`${name}_SERVICE_PORT`]: '4318',
      [`${name}_SERVICE_PORT_OTLP_HTTP`]: '4318',
      [`${name}_PORT`]: 'tcp://10.0.0.1:4318',
      [`${name}_PORT_4318_TCP`]: 'tcp://10.0.0.1:4318',
      [`${name}_PORT_4318_TCP_ADDR`]: '10.0.0.1',
      [`${name}_PORT_4318_TCP_PROTO`]: 'tcp',
    });
    expect(settingsOf({ ...links('OTEL_COLLECTOR'), ...links('HANDOFF'), ...links('HANDOFF_OTEL') }).notices).toEqual([]);
    expect(settingsOf({ HANDOFF_ADMN_PORT: '9464' }).notices).toHaveLength(1);
  });

  it('are left in peace when they are for somebody else, or empty', () => {
    const env = {
      OTEL_PYTHON_LOG_CORRELATION: 'true',
      OTEL_DENO: 'true',
      OTEL_RESOURCE_ATTRIBUTES_POD_NAME: 'p',
      OTEL_NODE_IP: '10.0.0.1',
      OTEL_WHATEVER: ' ',
      HANDOFF_WHATEVER: ' ',
    };
    expect(settingsOf(env).notices).toEqual([]);
  });
});
