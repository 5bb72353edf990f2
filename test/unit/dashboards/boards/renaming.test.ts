import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';

const catalogue = '../../../../src/telemetry/catalogue';
const folder = join(import.meta.dirname, '..', '..', '..', '..', 'dashboards');

/** Makes every import from now on see a changed module. */
function change(path: string, edit: (original: Record<string, unknown>) => Record<string, unknown>): void {
  vi.resetModules();
  vi.doMock(path, async (importOriginal) => ({ ...(await importOriginal<Record<string, unknown>>()), ...edit(await importOriginal()) }));
}

/** Returns the boards that a changed catalogue makes different from the committed ones, or the error that stops them all. */
async function noticed(): Promise<readonly string[] | string> {
  try {
    const { boardFiles } = await import('../../../../dashboards/src/boardFiles.js');
    return boardFiles()
      .filter(({ path, text }) => readFileSync(join(folder, path), 'utf8') !== text)
      .map(({ path }) => path.replace(/^generated\/handoff-|\.json$/g, ''))
      .sort();
  } catch (error) {
    return String(error);
  }
}

const renamed = (key: string, name: string) => (module: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(module).map(([exported, metrics]) => {
      const record = metrics as Record<string, object>;
      return [exported, { ...record, [key]: { ...record[key], name } }];
    }),
  );

describe('a change of the catalogue', () => {
  afterEach(() => {
    vi.doUnmock(`${catalogue}/mcp.js`);
    vi.doUnmock(`${catalogue}/runtime.js`);
    vi.doUnmock(`${catalogue}/objectives.js`);
    vi.doUnmock('../../../../src/telemetry/semconv.js');
    vi.resetModules();
  });

  it('is not there by default', async () => {
    expect(await noticed()).toEqual([]);
  });

  it('shows on every board when the metric that lists the services gets another name', async () => {
    change(`${catalogue}/mcp.js`, renamed('serverOperationDuration', 'mcp.server.request.duration'));
    expect(await noticed()).toEqual([
      'business',
      'databases',
      'history',
      'lifecycle',
      'logs',
      'mcp',
      'monitoring',
      'runtime',
      'slo',
      'telemetry',
    ]);
  });

  it('shows where an attribute gets another name', async () => {
    change('../../../../src/telemetry/semconv.js', () => ({ ATTR_DB_NAMESPACE: 'db.schema' }));
    expect(await noticed()).toEqual(['databases']);
  });

  it('stops everything when a metric named by its text is gone', async () => {
    change(`${catalogue}/runtime.js`, ({ runtimeMetrics }) => ({
      runtimeMetrics: (runtimeMetrics as { name: string }[]).filter(({ name }) => name !== 'v8js.gc.duration'),
    }));
    expect(await noticed()).toContain('The catalogue has no runtime metric v8js.gc.duration');
  });

  it('stops everything when an objective asks for a bound that is no bucket', async () => {
    change(`${catalogue}/mcp.js`, ({ mcpMetrics }) => {
      const metrics = mcpMetrics as Record<string, { buckets?: number[] }>;
      const buckets = metrics['serverOperationDuration']?.buckets?.filter((bound) => bound !== 2);
      return { mcpMetrics: { ...metrics, serverOperationDuration: { ...metrics['serverOperationDuration'], buckets } } };
    });
    // The boards of service levels read what rules record; those check their buckets themselves.
    const { badShare } = await import('../../../../dashboards/src/promql/objectives.js');
    const { objectives } = await import('../../../../src/telemetry/catalogue/objectives.js');
    expect(() => badShare(objectives.toolCallLatency, [], '1h')).toThrow('has no bucket of 2 s');
  });

  it('shows when an objective changes', async () => {
    change(`${catalogue}/objectives.js`, ({ objectives }) => {
      const all = objectives as Record<string, object>;
      return { objectives: { ...all, toolCallAvailability: { ...all['toolCallAvailability'], target: 0.995 } } };
    });
    expect(await noticed()).toEqual(['mcp', 'slo']);
  });

  it('stops everything when a metric loses an attribute that a board asks for', async () => {
    change(`${catalogue}/mcp.js`, ({ mcpMetrics }) => {
      const metrics = mcpMetrics as Record<string, object>;
      return { mcpMetrics: { ...metrics, serverOperationDuration: { ...metrics['serverOperationDuration'], attributes: [] } } };
    });
    expect(await noticed()).toContain('has no label');
  });
});
