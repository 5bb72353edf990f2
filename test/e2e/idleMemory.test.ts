import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

/** Twice what was measured: most of it is the SDK, which `instrument()` starts. */
const ADDED_MAX_MIB = 60;

/** Resident memory of a server with one tool that has answered nothing yet, in MiB: the median of a few processes. */
function residentMib(instrumented: boolean): number {
  const entry = pathToFileURL(resolve('dist/index.js')).href;
  const program = `
    import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
    ${instrumented ? `const { instrument } = await import(${JSON.stringify(entry)}); instrument();` : ''}
    const server = new McpServer({ name: 'idle', version: '1.0.0' });
    server.registerTool('echo', {}, () => ({ content: [] }));
    await server.connect(InMemoryTransport.createLinkedPair()[1]);
    await new Promise((done) => setTimeout(done, 300));
    gc();
    process.stdout.write(String(process.memoryUsage.rss() / 2 ** 20));
    process.exit();`;
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_PROMETHEUS_PORT: '0' };
  const readings = [1, 2, 3].map(() =>
    Number(execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', program], { encoding: 'utf8', env })),
  );
  return readings.toSorted((a, b) => a - b)[1] ?? NaN;
}

it('an idle server with telemetry holds tens of megabytes more than a bare one', () => {
  const bare = residentMib(false);
  const ours = residentMib(true);
  expect(bare).toBeGreaterThan(20);
  expect(ours - bare).toBeGreaterThan(1);
  expect(ours - bare).toBeLessThan(ADDED_MAX_MIB);
});
