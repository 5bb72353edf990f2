#!/usr/bin/env node
// Verifies the collector: its configuration is valid, what it writes equals what was sent, nothing private passes, and
// nothing accepted is lost when it is stopped, killed or cut off from its back ends.
//
//   node otel-collector/verify.mjs [--binary PATH] [--out DIR] [-- COMMAND ARG…]
//
// Without --binary it builds one (build.mjs). COMMAND is a workload run against a collector that writes files;
// {endpoint} and {ledger} in its arguments stand for the OTLP/HTTP endpoint (also in OTEL_EXPORTER_OTLP_ENDPOINT) and
// for the file in which it must record what its processes made (see verify/ledger.mjs). Exit code 0: every check passed.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildCollector } from './build.mjs';
import {
  everyRequestCarriesCredentials,
  everyTopologyIsValid,
  nothingOfAHostileServicePasses,
  nothingPrivatePasses,
  oddNumbersArrive,
  queueOutlivesTheProcess,
  workloadArrives,
  writtenEqualsSent,
} from './verify/checks.mjs';
import { killRemaining } from './verify/collector.mjs';
import { print } from './verify/outcome.mjs';
import { thePageSaysWhatWasPushed } from './verify/scraped.mjs';
import { aLostNodeLosesWhatItHeld, nothingPrivatePassesTwoTiers, samplingKeepsWhatItMust } from './verify/tiers.mjs';

/**
 * Ends the run: without a collector there is nothing to verify. The message says what to install.
 * @param {unknown} error
 * @returns {never}
 */
function giveUp(error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

const { values, positionals } = parseArgs({ options: { binary: { type: 'string' }, out: { type: 'string' } }, allowPositionals: true });
const binary = values.binary ?? (await buildCollector({ progress: print }).catch(giveUp));
const outDir = values.out ?? mkdtempSync(join(tmpdir(), 'handoff-otelcol-'));

/** @type {[string, (place: import('./verify/checks.mjs').Place) => Promise<void>][]} */
const checks = [
  ['every topology is valid', everyTopologyIsValid],
  ['what is written equals what was sent, stopped right after', writtenEqualsSent],
  ['nothing private passes, and nothing of our own is lost', nothingPrivatePasses],
  ['nothing of a service that puts secrets everywhere passes', nothingOfAHostileServicePasses],
  ['every request to a back end carries its credentials', everyRequestCarriesCredentials],
  ['numbers that JSON cannot express arrive, and nothing else is lost', oddNumbersArrive],
  ['what was accepted survives a kill and a stop while the back ends are down', queueOutlivesTheProcess],
  ['two tiers keep errors, slow calls and rare tools whole, and count all', samplingKeepsWhatItMust],
  ['a killed node loses the traces that it held, and no others', aLostNodeLosesWhatItHeld],
  ['nothing private passes two tiers', nothingPrivatePassesTwoTiers],
  ['the page for scrapes has the names and labels of what is pushed, and nothing private', thePageSaysWhatWasPushed],
  ...(positionals.length > 0
    ? [
        /** @type {[string, (place: import('./verify/checks.mjs').Place) => Promise<void>]} */ ([
          'the workload arrives complete',
          workloadArrives(positionals),
        ]),
      ]
    : []),
];

let failed = 0;
for (const [index, [title, check]] of checks.entries()) {
  const startedMs = performance.now();
  const dir = join(outDir, String(index + 1));
  mkdirSync(dir, { recursive: true });
  let outcome = 'ok    ';
  try {
    await check({ binary, dir });
  } catch (error) {
    failed += 1;
    outcome = 'FAILED';
    print(error instanceof Error ? error.message : String(error));
    killRemaining();
  }
  print(`${outcome} ${title} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`);
}
if (failed > 0) {
  print(`The output is kept in ${outDir}.`);
} else if (values.out === undefined) {
  rmSync(outDir, { recursive: true, force: true });
}
print(`${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
