import { join } from 'node:path';
import { spread } from '../statistics.js';
import { itemsOf, type Capture } from './capture.js';
import type { Measured, RateFigures } from './figures.js';
import { generate } from './generator.js';
import { startSink } from './sink.js';
import { startTopology, type SetUp } from './topology.js';

const SAMPLE_MS = 200;
const WARM_UP_MS = 1500;

export interface RateOptions {
  readonly dir: string;
  readonly rounds: number;
  readonly roundMs: number;
  readonly progress: (line: string) => void;
}

interface Round {
  readonly spansPerSecond: number;
  readonly cores: number;
  readonly generatorCores: number;
  readonly residentBytes: number;
  readonly refusedRequests: number;
}

/** Sends at one rate through collectors that were just started, several rounds one after the other. */
export async function measureRate(
  capture: Capture,
  setUp: SetUp,
  spansPerSecond: number,
  { dir, rounds, roundMs, progress }: RateOptions,
): Promise<RateFigures> {
  await using sink = await startSink();
  await using topology = await startTopology(setUp, join(dir, `${setUp}-${spansPerSecond}`), sink.ports);
  const { endpoint } = topology;
  await generate(capture, { endpoint, spansPerSecond, durationMs: WARM_UP_MS });
  const measured: Round[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    progress(`${setUp}, ${spansPerSecond === 0 ? 'as many spans as it takes' : `${spansPerSecond} spans/s`}, round ${round} of ${rounds}`);
    let residentBytes = 0;
    const sampling = setInterval(() => (residentBytes = Math.max(residentBytes, topology.residentBytes())), SAMPLE_MS);
    const cpuBefore = topology.cpuMs();
    const result = await generate(capture, { endpoint, spansPerSecond, durationMs: roundMs });
    const cores = (topology.cpuMs() - cpuBefore) / result.elapsedMs;
    clearInterval(sampling);
    measured.push({
      spansPerSecond: (result.acknowledgedSpans * 1000) / result.elapsedMs,
      cores,
      generatorCores: result.cpuMs / result.elapsedMs,
      residentBytes,
      refusedRequests: result.refusedRequests,
    });
  }
  return figuresOf(capture, setUp, spansPerSecond, measured);
}

function figuresOf(capture: Capture, setUp: SetUp, askedSpansPerSecond: number, rounds: readonly Round[]): RateFigures {
  const of = (value: (round: Round) => number): Measured => spread(rounds.map(value));
  const perSpan = (signal: 'logs' | 'metrics'): number => itemsOf(capture, signal) / itemsOf(capture, 'traces');
  return {
    setUp,
    askedSpansPerSecond,
    spansPerSecond: of((round) => round.spansPerSecond),
    logRecordsPerSecond: of((round) => round.spansPerSecond * perSpan('logs')),
    pointsPerSecond: of((round) => round.spansPerSecond * perSpan('metrics')),
    cores: of((round) => round.cores),
    generatorCores: of((round) => round.generatorCores),
    residentBytes: of((round) => round.residentBytes),
    refusedRequests: rounds.reduce((sum, round) => sum + round.refusedRequests, 0),
  };
}
