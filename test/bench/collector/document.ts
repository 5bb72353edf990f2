import type { Figures, Measured, RateFigures } from './figures.js';

const BYTES_PER_MIB = 1024 ** 2;

/** docs/comparisons/collector.md. */
export function collectorDocument({ command, date, machine, loadAverage, rounds, roundSeconds, rates, units }: Figures): string {
  const { wireBytes, sentBytes, series } = units;
  return `# What telemetry costs behind the process

Written by \`${command}\` on ${date}, ${rounds} rounds of ${roundSeconds} s each. Regenerate with \`npm run bench collector -- --write\`, then
\`npm run docs\`, which calculates [the sizes](../sizing.md) from these figures.

${machine.map((fact) => `- ${fact}`).join('\n')}
- Load average before the first round: ${loadAverage.toFixed(2)}

## Collectors

The generator sends what the built server sent for ${Math.round(units.spansPerCall * 10) / 10} spans a call, with logs and metrics in proportion, by OTLP/HTTP and
protobuf, with new ids each time. It runs on the same machine in a process of its own, and so do back ends that throw everything away. Medians,
with the smallest and the largest round in brackets. CPU and memory are those of all collectors of a set-up together; memory is the largest
of samples.

${table(
  ['set-up', 'asked, spans/s', 'taken, spans/s', 'and log records/s', 'CPU, cores', 'memory, MiB', 'generator, cores', 'refused requests'],
  rates.map(rateRow),
)}

## One item

${table(
  ['bytes of', 'a span', 'a log record', 'a metric point'],
  [
    ['sent by the server, not compressed', fixed(wireBytes.span, 0), fixed(wireBytes.logRecord, 0), fixed(wireBytes.point, 0)],
    ['sent on by the collector, gzip', fixed(sentBytes.span, 0), fixed(sentBytes.logRecord, 0), fixed(sentBytes.point, 0)],
  ],
)}

An item of any kind takes ${fixed(units.queueBytesPerItem, 0)} bytes of the collector's queue on disk, in the mix of the load. A call of
\`update_context\` makes ${fixed(units.spansPerCall, 1)} spans and ${fixed(units.logRecordsPerCall, 1)} log records; an export of the server's metrics has ${units.pointsPerExport} points.

## Series

${table(
  ['in Prometheus, pushed', 'series'],
  [
    ['a handoff server, all tools used', fixed(series.server, 0)],
    ['made of the spans of its calls, by the collector', fixed(series.derived, 0)],
    ['a collector', fixed(series.collector, 0)],
    ['100 tools of any MCP server that succeeded', fixed(series.perToolSucceeding * 100, 0)],
    ['100 tools that succeeded and failed', fixed(series.perToolFailingToo * 100, 0)],
  ],
)}

\`/metrics\` of a server with 100 tools that succeeded and failed has ${fixed(units.scrapeBytesOf100Tools / 1000, 0)} kB.
`;
}

function rateRow(rate: RateFigures): string[] {
  return [
    rate.setUp,
    rate.askedSpansPerSecond === 0 ? 'all it takes' : String(rate.askedSpansPerSecond),
    range(rate.spansPerSecond, 0),
    fixed(rate.logRecordsPerSecond.median, 0),
    range(rate.cores, 2),
    range({ median: mib(rate.residentBytes.median), min: mib(rate.residentBytes.min), max: mib(rate.residentBytes.max) }, 0),
    fixed(rate.generatorCores.median, 2),
    String(rate.refusedRequests),
  ];
}

const mib = (bytes: number): number => bytes / BYTES_PER_MIB;
const fixed = (value: number, digits: number): string => value.toFixed(digits);
const range = ({ median, min, max }: Measured, digits: number): string =>
  `${fixed(median, digits)} (${fixed(min, digits)} – ${fixed(max, digits)})`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
