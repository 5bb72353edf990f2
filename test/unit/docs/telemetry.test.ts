import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync('docs/telemetry.md', 'utf8');
const section = page.split(/^## /mu).find((text) => text.startsWith('Options of instrument()')) ?? '';
const [optionTable = '', statusTable = ''] = section.split('|Field|Meaning|');

/** Properties an interface declares itself, as written in its file. */
function propertiesOf(file: string, name: string): string[] {
  const source = readFileSync(file, 'utf8');
  const [, body = ''] = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}$`, 'mu').exec(source) ?? [];
  const names = [...body.matchAll(/^ {2}readonly '?([\w-]+)'?\??: /gmu)].map(([, property = '']) => property);
  expect(names.length, `${name} in ${file}`).toBeGreaterThan(0);
  return names;
}

/** Names in the first cells of a table. */
function rowsOf(table: string): string[] {
  const cells = [...table.matchAll(/^\|(`[^|]*`)\|/gmu)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/gu)].map(([, name = '']) => name));
}

function namesFrom(interfaces: readonly (readonly [file: string, name: string, prefix: string])[]): string[] {
  return interfaces.flatMap(([file, name, prefix]) => propertiesOf(`src/${file}`, name).map((property) => `${prefix}${property}`));
}

it('docs/telemetry.md has every option of instrument(), and no other', () => {
  const options = 'instrumentation/settings/options.ts';
  const expected = namesFrom([
    [options, 'TelemetryOptions', ''],
    ['instrumentation/options.ts', 'InstrumentOptions', ''],
    [options, 'PrometheusOptions', 'prometheus.'],
    [options, 'LibraryOptions', 'libraries.'],
    [options, 'LibraryModules', 'modules.'],
  ]);
  expect(rowsOf(optionTable).toSorted()).toEqual(expected.toSorted());
});

it('docs/telemetry.md has every variable that stands for an option, beside that option', () => {
  const read = [
    ...readFileSync('src/instrumentation/settings/resolve.ts', 'utf8').matchAll(/options\.(\w+) \?\? \w+\(env, '(HANDOFF_\w+)'/gu),
  ].map(([, option, variable]) => [option, variable]);
  const documented = [...optionTable.matchAll(/^\|`(\w+)`\|`(HANDOFF_\w+)`\|/gmu)].map(([, option, variable]) => [option, variable]);
  expect(read.length).toBeGreaterThan(3);
  expect(documented.toSorted()).toEqual(read.toSorted());
});

it('docs/telemetry.md has every field of status(), and no other', () => {
  const status = 'instrumentation/status/signalsStatus.ts';
  const expected = namesFrom([
    ['instrumentation/status/instrumentationStatus.ts', 'InstrumentationStatus', ''],
    [status, 'SignalsStatus', 'signals.'],
    [status, 'SignalStatus', 'signals.*.'],
    ['instrumentation/pipeline/batchCounts.ts', 'BatchCounts', 'signals.*.counts.'],
    ['instrumentation/pipeline/pushReader.ts', 'PushCounts', 'signals.*.counts.'],
    [status, 'LogsStatus', 'signals.logs.'],
    [status, 'PrometheusStatus', 'signals.prometheus.'],
    ['instrumentation/libraries/libraryStatus.ts', 'LibraryStatus', 'libraries[].'],
    ['instrumentation/libraries/coverage.ts', 'LibraryCopy', 'libraries[].copies[].'],
    ['instrumentation/mcp/discovery/types.ts', 'FoundSdk', 'mcpSdks[].'],
  ]);
  expect(rowsOf(statusTable).toSorted()).toEqual([...new Set(expected)].toSorted());
});
