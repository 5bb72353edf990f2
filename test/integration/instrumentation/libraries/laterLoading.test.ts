import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProcess } from '../instrumentedProcess.js';

// What sdk-node loads for others only when they use it: see src/instrumentation/sdk/standIns.ts.

const HEAVY = [
  '@grpc/grpc-js',
  '@opentelemetry/configuration',
  '@opentelemetry/exporter-trace-otlp-grpc',
  '@opentelemetry/exporter-trace-otlp-proto',
  '@opentelemetry/exporter-zipkin',
  '@opentelemetry/propagator-b3',
  'yaml',
];

/** `loaded()`: which of the heavy packages this process has loaded. `theirs`: `require` as sdk-node sees it. */
const PROLOGUE = `
  const { createRequire } = process.getBuiltinModule('node:module');
  const ours = createRequire(process.cwd() + '/src/instrumentation/instrument.ts');
  const theirs = createRequire(ours.resolve('@opentelemetry/sdk-node'));
  const heavy = ${JSON.stringify(HEAVY)};
  const loaded = () => heavy.filter((name) => Object.keys(theirs.cache).some((file) => file.replaceAll('\\\\', '/').includes('/node_modules/' + name + '/')));
  const say = (value) => process.stdout.write(JSON.stringify(value));
`;

async function run(code: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { stdout, stderr } = await runProcess({
    code: `${PROLOGUE}\n${code}`,
    env: { HANDOFF_FLUSH_TIMEOUT_MS: '100', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', ...env },
  });
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout) as unknown;
}

it('instrument() loads neither gRPC nor YAML nor exporters it does not use', async () => {
  expect(
    await run(
      `const { instrument } = await import('./src/instrumentation/instrument.ts'); say([instrument({ exitHooks: false }).status().state, loaded()]);`,
    ),
  ).toEqual(['active', []]);
});

const plainSdk = `
  const { loadSdk } = await import('./src/instrumentation/sdk/sdkModules.ts');
  const { NodeSDK } = loadSdk().node;
  const before = loaded();
`;

it("an SDK of the host's own still gets all that OTEL_* ask for, from the real packages", async () => {
  const found = await run(
    `${plainSdk}
     const sdk = new NodeSDK();
     sdk.start();
     const real = theirs('@opentelemetry/exporter-trace-otlp-grpc').OTLPTraceExporter;
     const { propagation } = await import('@opentelemetry/api');
     const processors = sdk._tracerProvider._activeSpanProcessor._spanProcessors;
     say([before, processors.map(({ _exporter }) => _exporter instanceof real), propagation.fields(), theirs('@opentelemetry/sdk-node').NodeSDK === NodeSDK]);
     process.exit();`,
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_PROPAGATORS: 'b3multi', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
  );
  expect(found).toEqual([[], [true], ['x-b3-traceid', 'x-b3-spanid', 'x-b3-flags', 'x-b3-sampled', 'x-b3-parentspanid'], true]);
});

it('a configuration file still works', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-later-'));
  try {
    const file = join(folder, 'otel.yaml');
    writeFileSync(
      file,
      'file_format: "1.0"\npropagator:\n  composite:\n    - b3:\ntracer_provider:\n  processors:\n    - simple:\n        exporter:\n          console:\n',
    );
    const found = await run(
      `${plainSdk} const { propagation } = await import('@opentelemetry/api'); theirs('@opentelemetry/sdk-node').startNodeSdk(); say([before, propagation.fields()]); process.exit();`,
      { OTEL_CONFIG_FILE: file },
    );
    expect(found).toEqual([[], ['b3']]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('lives with hooks of others on everything that is required', async () => {
  const found = await run(
    `const near = createRequire(theirs.resolve('@opentelemetry/instrumentation'));
     const { Hook } = near('require-in-the-middle');
     const seen = [];
     const hook = new Hook(null, { internals: true }, (exports, name) => { seen.push(name); return exports; });
     const { instrument } = await import('./src/instrumentation/instrument.ts');
     const { state } = instrument({ exitHooks: false }).status();
     hook.unhook();
     const { OTLPTraceExporter } = theirs('@opentelemetry/exporter-trace-otlp-grpc');
     say([state, seen.length > 100, typeof OTLPTraceExporter]);`,
  );
  expect(found).toEqual(['active', true, 'function']);
});

it('gives sdk-node what the host has loaded before', async () => {
  const found = await run(
    `const grpc = theirs('@opentelemetry/exporter-trace-otlp-grpc');
     const { loadSdk } = await import('./src/instrumentation/sdk/sdkModules.ts');
     loadSdk();
     say([theirs('@opentelemetry/exporter-trace-otlp-grpc') === grpc, process.getBuiltinModule('node:util').types.isProxy(theirs('@opentelemetry/configuration'))]);`,
  );
  expect(found).toEqual([true, false]);
});
