import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOAD_HEAD, loadRow } from '../measure.js';
import type { MeasuredRound } from '../measure.js';
import { peerFolder } from '../mcp/peers.js';
import type { ReportHead } from '../report.js';
import { addedUs, perCall, verdictOf } from './figures.js';
import type { Middle, Verdict } from './figures.js';
import { CALLERS } from './rounds.js';
import type { Measured } from './rounds.js';
import { OFF, OURS } from './subjects.js';
import type { Subject } from './subjects.js';

const NOTES = `## What to know when reading the figures

- **What the server itself says** goes to OpenTelemetry's API: a span, a measurement and a record for each operation of its services. They reach an SDK that
  is registered with the API in the version that the server has, 1.10, which is NodeSDK's. autotel brings API 1.9 and Shinzo 1.8, and Sentry takes no spans of that API,
  so nothing of it reaches these three, and they have so much less to do.
- **pg and pino** are instrumented by ours, NodeSDK, autotel and Sentry, and not by Shinzo. Calls that come together share a statement, so there is less than one SQL
  span for each call.
- **MCP** has no instrumentation among OpenTelemetry's own, so NodeSDK has no span of the call. With all instrumentations it has one of the HTTP request.
- **A server for each request** is what the command makes, as the SDK has it for HTTP, and autotel and Sentry instrument each of them. The command gives no way
  to get at these servers, so they are wrapped at the SDK's class, before their first tool.
- **Shinzo** would see nothing here as its README has it: it wraps \`tool()\`, which SDK v2 does not have, hands a tool its arguments without their context,
  and starts an SDK for each server. It was given one stand-in for all servers, and the tools of each server; or each tool once
  for all servers, which is the least that it can cost: a span and a measurement for each call, and nothing of pg, pino and the server's operations.
- **mcp-handler** is no telemetry for a server but an adapter that makes servers of its own, for whose tools it is asked by a function. The handoff server
  offers no way to put its tools into another one, so it cannot be run here; its spans are measured [in memory](benchmarks-mcp.md), over itself without them.
`;

/** Each run has a database of its own, whose name is in the names of spans. */
const DATABASE = /handoff_test_\w+/gu;

/** The page docs/comparisons/peers-server.md. */
export function document({ command, date, machine, loadAverage, rounds, roundSeconds }: ReportHead, measured: readonly Measured[]): string {
  const roundsOf = (name: string): readonly MeasuredRound[] => measured.find(({ subject }) => subject.name === name)?.rounds ?? [];
  return `# Telemetry under the handoff server: ours and others

Written by \`${command}\` on ${date}. Regenerate with \`npm run bench peers -- --write\`.

${machine.map((fact) => `- ${fact}`).join('\n')}
- Load average before the first round: ${loadAverage.toFixed(2)}

The same built command, \`handoff-otel serve\` over HTTP, is run under each package: ${CALLERS} callers who wait for their answers call \`update_context\` with 200 bytes, on
PostgreSQL as it comes. Under a peer the server's own telemetry is off, and the peer is loaded before it by \`--import\`, set up as its documentation has it.
All are started at once, warmed up, and take turns within each of ${rounds} rounds of ${roundSeconds} s; who begins changes. One receiver in a process of its own takes what they
send. Ratios and what is added are medians of paired rounds, with their quartiles. Set-ups: \`test/bench/mcp/peers/*/server.mjs\`.

## Does ours cost less than each?

Ours costs less when a call takes less CPU time of the server and more calls are done, by the medians and by the quartiles. Where only the medians say so it is
within the noise. What each gives for its cost is [below](#what-arrived).

${table(['beside', 'CPU of the server for a call, ours as a share', 'calls/s, ours as a share', 'costs less'], verdicts(measured, roundsOf(OURS)))}

## Load

${table(
  [...LOAD_HEAD, 'added CPU, server'],
  measured.map(({ subject, rounds: own }) => [...loadRow(subject.title, own), added(subject, own, roundsOf(OFF))]),
)}

## What arrived

Counted by the receiver from the start of each server to its end, and divided by the calls that were made: spans of which there is one in a hundred calls or more,
records, and measurements in histograms.

${table(['', 'spans a call', 'records a call', 'measurements a call', 'metrics', 'bytes a call', 'which spans'], measured.flatMap(arrived))}

## Set-ups

${table(
  ['', 'set-up', 'versions'],
  measured.map(({ subject }) => [subject.title, subject.setUp, versionsOf(subject)]),
)}

${NOTES}`;
}

const OUTCOMES: Readonly<Record<Verdict['outcome'], string>> = { met: 'met', noise: 'within the noise', missed: '**missed**' };

function verdicts(measured: readonly Measured[], ours: readonly MeasuredRound[]): string[][] {
  return measured
    .filter(({ subject: { name } }) => name !== OFF && name !== OURS)
    .map(({ subject, rounds }) => {
      const { cpu, rate, outcome } = verdictOf(ours, rounds);
      return [subject.title, times(cpu), times(rate), OUTCOMES[outcome]];
    });
}

function added({ name }: Subject, rounds: readonly MeasuredRound[], without: readonly MeasuredRound[]): string {
  if (name === OFF) return '';
  const { low, median, high } = addedUs(rounds, without);
  return `${signed(median)} µs (${signed(low)} – ${signed(high)})`;
}

function arrived({ subject, calls, received }: Measured): string[][] {
  const got = perCall({ calls, received });
  if (got === undefined) return [[subject.title, 'none', 'none', 'none', '0', '0', '']];
  const names = got.names
    .map(([name, share]) => `${share.toFixed(2)} \`${name.replaceAll(DATABASE, 'DATABASE').replaceAll('|', '\\|')}\``)
    .join(', ');
  return [
    [
      subject.title,
      got.spans.toFixed(2),
      got.logRecords.toFixed(2),
      got.measurements.toFixed(2),
      String(received?.metrics.length ?? 0),
      got.bytes.toFixed(0),
      names,
    ],
  ];
}

/** As its lockfile has them. */
function versionsOf({ peer, packages }: Subject): string {
  if (peer === undefined) return '';
  const lock = JSON.parse(readFileSync(join(peerFolder(peer), 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  return packages
    .map((name) => {
      const version = lock.packages[`node_modules/${name}`]?.version;
      if (version === undefined) throw new Error(`the lockfile of ${peer} has no ${name}`);
      return `${name} ${version}`;
    })
    .join(', ');
}

function times({ low, median, high }: Middle): string {
  return `× ${median.toFixed(2)} (${low.toFixed(2)} – ${high.toFixed(2)})`;
}

function signed(us: number): string {
  return `${us < 0 ? '−' : '+'}${Math.abs(us).toFixed(0)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
