import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { OtlpReceiver } from '../../../src/testing/receiverTypes.js';
import { clientCommand, conformance, startServer } from './processes.js';
import type { Generation, Setup, Variant } from './processes.js';
import { normalise, readResults } from './results.js';
import type { Results, Side } from './results.js';
import { talkOverStdio } from './stdio.js';
import type { Entry } from './stdio.js';

// Judges the fixtures by the official conformance suite: bare, under register.js, and with explicit calls. Every scenario
// must pass bare, and every check must come out the same with us. Over stdio, which it does not know, what is written to stdout
// is compared. `main.ts [folder of the built package, default dist]`.

const dist = pathToFileURL(`${resolve(process.argv[2] ?? 'dist')}/`).href;
const { startOtlpReceiver } = (await import(new URL('testing.js', dist).href)) as { startOtlpReceiver(): Promise<OtlpReceiver> };
const folder = mkdtempSync(join(tmpdir(), 'handoff-transparency-'));
const generations: readonly Generation[] = ['v1', 'v2'];
const variants: readonly Variant[] = ['bare', 'register', 'explicit'];
/** Spans that must have arrived, or the comparison compared nothing. */
const EXPECTED_SPAN = { server: ['SERVER', 'tools/call test_simple_text'], client: ['CLIENT', 'tools/call add_numbers'] } as const;
/** The one scenario, and its check, that depend on the clock. */
const TIMED = ['sse-retry', 'client-sse-retry-timing'] as const;
/** Explicit calls differ from discovery in who calls, not in what is done: a client, a process for each scenario, need not log in again. */
const EXPLICIT_CLIENT = ['tools_call', 'elicitation-sep1034-client-defaults', 'sse-retry'];
const STDIO: readonly (readonly [Entry, 'legacy' | 'modern'])[] = [
  ['v1', 'legacy'],
  ['v2', 'legacy'],
  ['served', 'legacy'],
  ['served', 'modern'],
];
const failures: string[] = [];

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Closes the report of one comparison, begun when there were `before` failures. */
function conclude(before: number, line: string): void {
  say(`${failures.length === before ? 'ok' : 'not ok'} ${line}`);
}

function fail(problem: string): void {
  failures.push(problem);
  say(`FAILED ${problem}`);
}

async function listScenarios(side: Side): Promise<string[]> {
  const { output } = await conformance(['list', `--${side}`], '');
  return [...output.matchAll(/^ {2}- (\S+)/gm)].map(([, name = '']) => name);
}

async function judge(side: Side, setup: Setup, output: string): Promise<Results> {
  if (side === 'client') return judgeClient(setup, output);
  const server = await startServer(setup);
  await conformance(['server', '--suite', 'all', '--url', server.url, '-o', output], setup.otlp);
  await server.stop();
  return readResults(output, side);
}

async function judgeClient(setup: Setup, output: string): Promise<Results> {
  const client = ['client', '--command', clientCommand(setup), '-o', output];
  if (setup.variant === 'explicit') {
    for (const scenario of EXPLICIT_CLIENT) await conformance([...client, '--scenario', scenario], setup.otlp);
    return readResults(output, 'client');
  }
  await conformance([...client, '--suite', 'all'], setup.otlp);
  const results = readResults(output, 'client');
  if (!isLate(results)) return results;
  // The suite runs its scenarios all at once, and one of them measures how soon the client is back: measured again on its own.
  await conformance([...client, '--scenario', TIMED[0]], setup.otlp);
  return readResults(output, 'client');
}

function isLate(results: Results): boolean {
  const [scenario, id] = TIMED;
  return (results.get(scenario) ?? []).some((check) => check.id === id && check.status !== 'SUCCESS');
}

function requireAllPassed(where: string, scenarios: readonly string[], results: Results): void {
  for (const scenario of scenarios) {
    const checks = results.get(scenario) ?? [];
    const bad = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING');
    if (!checks.some(({ status }) => status === 'SUCCESS')) fail(`${where}: ${scenario}: no check succeeded`);
    for (const { id, errorMessage } of bad) fail(`${where}: ${scenario}: ${id}: ${String(errorMessage)}`);
  }
}

function requireSame(where: string, scenarios: readonly string[], bare: Results, ours: Results): void {
  for (const scenario of scenarios) {
    const before = (bare.get(scenario) ?? []).map(normalise);
    const after = (ours.get(scenario) ?? []).map(normalise);
    const index = before.findIndex((check, at) => !isDeepStrictEqual(check, after[at]));
    if (index >= 0)
      fail(
        `${where}: ${scenario}: check ${index} differs\n  bare ${JSON.stringify(before[index])}\n  ours ${JSON.stringify(after[index])}`,
      );
    else if (before.length !== after.length) fail(`${where}: ${scenario}: ${before.length} checks bare, ${after.length} with us`);
  }
}

async function compare(side: Side, generation: Generation, receiver: OtlpReceiver): Promise<void> {
  const scenarios = await listScenarios(side);
  let bare: Results = new Map();
  for (const variant of variants) {
    const where = `${side} ${generation} ${variant}`;
    const startedMs = performance.now();
    const before = failures.length;
    receiver.reset();
    const results = await judge(side, { generation, variant, dist, otlp: receiver.url }, join(folder, side, generation, variant));
    if (variant === 'bare') {
      bare = results;
      requireAllPassed(where, scenarios, results);
      if (receiver.spans().length > 0) fail(`${where}: sent telemetry`);
    } else {
      requireSame(where, side === 'client' && variant === 'explicit' ? EXPLICIT_CLIENT : scenarios, bare, results);
      const [kind, name] = EXPECTED_SPAN[side];
      if (!receiver.spans().some((span) => span.kind === kind && span.name === name)) fail(`${where}: no ${kind} span ${name} arrived`);
    }
    const checks = [...results.values()].flat().filter(({ status }) => status === 'SUCCESS').length;
    conclude(
      before,
      `${where}: ${results.size} of ${scenarios.length} scenarios, ${checks} checks passed, ${receiver.spans().length} spans, ${Math.round((performance.now() - startedMs) / 100) / 10} s`,
    );
  }
}

async function compareStdio(receiver: OtlpReceiver): Promise<void> {
  for (const [entry, era] of STDIO) {
    const where = `stdio ${entry} ${era}`;
    const before = failures.length;
    receiver.reset();
    const bare = await talkOverStdio(entry, era, { variant: 'bare', dist, otlp: receiver.url });
    if (receiver.spans().length > 0) fail(`${where} bare: sent telemetry`);
    const ours = await talkOverStdio(entry, era, { variant: 'register', dist, otlp: receiver.url });
    const index = bare.findIndex((line, at) => line !== ours[at]);
    if (index >= 0 || bare.length !== ours.length) fail(`${where}: line ${index} of stdout\n  bare ${bare[index]}\n  ours ${ours[index]}`);
    if (!receiver.spans().some(({ kind, name }) => kind === 'SERVER' && name === 'tools/call test_simple_text'))
      fail(`${where}: no span arrived`);
    conclude(before, `${where}: ${bare.length} lines on stdout, ${receiver.spans().length} spans`);
  }
}

const receiver = await startOtlpReceiver();
try {
  await compareStdio(receiver);
  for (const generation of generations) {
    await compare('server', generation, receiver);
    await compare('client', generation, receiver);
  }
} finally {
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
}
say(
  `${failures.length === 0 ? 'the same with us as without' : `${failures.length} differences`} after ${Math.round(performance.now() / 1000)} s`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
