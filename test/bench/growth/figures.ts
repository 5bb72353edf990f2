import { median, spread } from '../statistics.js';
import type { Spread } from '../statistics.js';
import type { CallersFigures } from './callers.js';
import type { HistoryFigures } from './history.js';
import type { PairedRounds, Telemetry } from './serverPair.js';
import type { ToolsPoint } from './tools.js';

/** What was measured; a part that was not asked for is absent. */
export interface Figures {
  readonly callers?: CallersFigures;
  readonly tools?: readonly ToolsPoint[];
  readonly history?: HistoryFigures;
}

export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly reached: string;
  readonly isMet: boolean;
}

const [FEW_CALLERS, MANY_CALLERS] = [32, 512];
const MOST_TIMES_THE_SHARE = 1.5;
const MOST_TIMES_THE_COST = 1.1;
const LEAST_OF_THE_RATE = 0.9;

export function rates(rounds: PairedRounds, telemetry: Telemetry): Spread {
  return spread(rounds[telemetry].map(({ callsPerSecond }) => callsPerSecond));
}

/** Part of the throughput that telemetry takes, round by round. */
export function shares({ on, off }: PairedRounds): Spread {
  return spread(ratios(callRates(on), callRates(off)).map((ratio) => 1 - ratio));
}

/** Of figures that were measured in the same rounds. */
export function ratios(figures: readonly number[], others: readonly number[]): number[] {
  return figures.map((figure, index) => figure / (others[index] ?? Number.NaN));
}

export function callRates(rounds: PairedRounds[Telemetry]): number[] {
  return rounds.map(({ callsPerSecond }) => callsPerSecond);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** One for each part that was measured. */
export function targets({ callers, tools, history }: Figures): Target[] {
  return [...callersTarget(callers), ...toolsTarget(tools), ...historyTarget(history)];
}

function callersTarget(figures: CallersFigures | undefined): Target[] {
  const few = figures?.points.find(({ callers }) => callers === FEW_CALLERS);
  const many = figures?.points.find(({ callers }) => callers === MANY_CALLERS);
  if (few === undefined || many === undefined) return [];
  const [ofFew, ofMany] = [shares(few).median, shares(many).median];
  return [
    {
      what: `telemetry's share of the throughput at ${MANY_CALLERS} callers`,
      wanted: `at most ${MOST_TIMES_THE_SHARE} times that at ${FEW_CALLERS}, ${percent(ofFew)}`,
      reached: percent(ofMany),
      isMet: ofMany <= MOST_TIMES_THE_SHARE * ofFew,
    },
  ];
}

function toolsTarget(points: readonly ToolsPoint[] | undefined): Target[] {
  const [least, most] = [points?.at(0), points?.at(-1)];
  if (least === undefined || most === undefined) return [];
  const times = median(ratios(most.us.call.ours, least.us.call.ours));
  return [
    {
      what: `CPU of an instrumented call with ${count(most.tools)} tools`,
      wanted: `at most ${MOST_TIMES_THE_COST} times that with ${count(least.tools)}`,
      reached: `${times.toFixed(2)} times`,
      isMet: times <= MOST_TIMES_THE_COST,
    },
  ];
}

function historyTarget(figures: HistoryFigures | undefined): Target[] {
  const [short, long] = [figures?.points.at(0), figures?.points.at(-1)];
  if (short === undefined || long === undefined) return [];
  const share = median(ratios(callRates(long.on), callRates(short.on)));
  return [
    {
      what: `throughput with telemetry and ${count(long.entries)} entries`,
      wanted: `at least ${percent(LEAST_OF_THE_RATE)} of that with ${count(short.entries)}`,
      reached: percent(share),
      isMet: share >= LEAST_OF_THE_RATE,
    },
  ];
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
