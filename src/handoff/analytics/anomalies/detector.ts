import { DetectorStateError } from '../../../errors/anomalyErrors.js';
import { scoreOf, thresholdScore } from './alarmRate.js';
import { Arena } from './arena.js';
import { Bar } from './bar.js';
import { firstViewOf, MISSING_VIEW } from './describeView.js';
import { Episodes } from './episodes.js';
import type { Episode, Expectation } from './episodes.js';
import { Gaps } from './gaps.js';
import { RecentValues } from './recentValues.js';
import { Season } from './season.js';
import { SeriesViews } from './seriesViews.js';
import { Strongest, TOTAL_WEIGHT } from './strongest.js';

const STATE_LIMIT_BYTES = 65_536;
/** Stands at the beginning of a state. To be raised whenever the parts, their order or the meaning of their numbers change. */
const STATE_VERSION = 1;
/** Before this many rows nothing is said, and no episode opens in the first day, in which everything happens for the first time. */
const MIN_ROWS = 100;
const MIN_HISTORY_MS = 86_400_000;
const REMEMBERED_ROWS = 20_000;
const RECENT_ROWS = 1000;
const BAND_ROWS = 256;
const BAND_SHARE = 0.01;
/** The longer a series is known, the rarer the rarest row that it has had without being wrong. */
const HISTORY_WEIGHT = 0.75;
const HISTORY_OFFSET = 4.25;

/** Scores are below 1. */
const OUT_OF_REACH = 2;

const ROUNDING = 1e-9;

const VERSION = 0;
const ROWS = 1;
const FIRST_AT_MS = 2;

export interface DetectorSettings {
  /** 0 to 1: how many false alarms are put up with; see `falseAlarmsPerWeek()`. It is no part of the state. */
  readonly sensitivity: number;
}

export interface Observation extends Expectation {
  /** 0 to 1: how much of an anomaly the row is, and news. 0 for what is no worse than what has just been. */
  readonly score: number;
  /** The episode to which the row belongs, or which ended with it. */
  readonly episode: Episode | undefined;
}

/** Judges the rows of one series as they come, by the rows before them and nothing else. */
export interface Detector {
  /**
   * Judges a row and learns it. Takes time and memory that do not depend on how many rows there were.
   *
   * @param atMs time of the row in milliseconds since 1970. Rows may be irregular, repeat a time or go back; a time that is not finite is
   *   taken to be that of the row before.
   * @param value anything finite; otherwise the row counts as one whose value is missing
   */
  observe(atMs: number, value: number): Observation;
  /**
   * Ends the open episode, if there is one, as whoever asks no longer takes what comes next for a part of it. The next row that would have
   * opened an episode before this one opens another, also where it is no worse than what was in this one.
   */
  endEpisode(): void;
  /** The state as bytes: always as many, less than 64 KiB, in the byte order of the machine. */
  state(): Uint8Array;
  /** Goes on where the detector was whose state is given. Throws `DetectorStateError` for bytes that are not such a state. */
  restore(state: Uint8Array): void;
}

/** Creates a detector that knows nothing yet. It speaks after 100 rows, and knows a season after it has come round once or twice. */
export function createDetector(settings: DetectorSettings): Detector {
  return new StreamDetector(settings);
}

class StreamDetector implements Detector {
  readonly #settings: DetectorSettings;
  readonly #arena = new Arena(STATE_LIMIT_BYTES);
  readonly #numbers = this.#arena.doubles(3);
  readonly #recent = new RecentValues(this.#arena, RECENT_ROWS);
  /** How far recent values were from what was expected of them. */
  readonly #residuals = new RecentValues(this.#arena, BAND_ROWS);
  readonly #gaps = new Gaps(this.#arena);
  readonly #season = new Season(this.#arena);
  readonly #bar = new Bar(this.#arena);
  readonly #episodes = new Episodes(this.#arena);
  readonly #byMedian = new SeriesViews(this.#arena, firstViewOf('median'));
  readonly #bySeason = new SeriesViews(this.#arena, firstViewOf('season'));
  readonly #bySeasonRank = new SeriesViews(this.#arena, firstViewOf('season_rank'));
  readonly #strongest = new Strongest();

  constructor(settings: DetectorSettings) {
    this.#settings = settings;
    this.#numbers[VERSION] = STATE_VERSION;
  }

  observe(atMs: number, value: number): Observation {
    const time = Number.isFinite(atMs) ? atMs : this.#gaps.lastAtMs;
    const isMissing = !Number.isFinite(value);
    const rows = Math.min(REMEMBERED_ROWS, (this.#numbers[ROWS] ?? 0) + 1);
    this.#numbers[ROWS] = rows;
    if (rows === 1) this.#numbers[FIRST_AT_MS] = time;
    this.#strongest.clear();
    const aboutGap = this.#gaps.judge(time, isMissing) * TOTAL_WEIGHT;
    const expectation = isMissing ? this.#expectMissing(time) : this.#judgeValue(time, value);
    // A gap that ends is no news: whoever waits for rows says that they are missing while they are.
    const total = isMissing ? aboutGap : this.#strongest.total();
    const surprise = rows > MIN_ROWS ? Math.max(0, total + HISTORY_OFFSET - HISTORY_WEIGHT * Math.log10(rows + MIN_ROWS)) : 0;
    const score = scoreOf(this.#bar.pass(surprise, rows));
    const view = isMissing ? MISSING_VIEW : this.#strongest.view;
    const row = { ...expectation, atMs: time, value, level: scoreOf(surprise), score, view };
    return { ...expectation, score, episode: this.#episodes.judge(row, this.#threshold(time)) };
  }

  endEpisode(): void {
    if (this.#episodes.close()) this.#bar.lower();
  }

  state(): Uint8Array {
    return this.#arena.copy();
  }

  restore(state: Uint8Array): void {
    const { usedBytes } = this.#arena;
    if (state.byteLength !== usedBytes) throw new DetectorStateError(`it has ${state.byteLength} bytes instead of ${usedBytes}`);
    const version = new Float64Array(state.slice(0, Float64Array.BYTES_PER_ELEMENT).buffer)[VERSION];
    if (version !== STATE_VERSION) throw new DetectorStateError(`its version is ${version} instead of ${STATE_VERSION}`);
    this.#arena.overwrite(state);
    for (const part of [this.#recent, this.#residuals, this.#gaps]) part.restored();
  }

  /** Out of reach as long as too little is known. */
  #threshold(atMs: number): number {
    const { intervalMs } = this.#gaps;
    const isYoung = atMs - (this.#numbers[FIRST_AT_MS] ?? 0) < MIN_HISTORY_MS;
    return intervalMs === undefined || isYoung ? OUT_OF_REACH : thresholdScore(this.#settings.sensitivity, intervalMs);
  }

  #judgeValue(atMs: number, value: number): Expectation {
    const median = this.#recent.quantile(0.5) ?? value;
    const rank = this.#recent.rank(value);
    const deviation = value - median;
    const season = this.#season.judge(atMs, value, rank);
    this.#recent.push(value);
    this.#byMedian.judge(deviation, this.#strongest, true);
    // What rounding leaves of a series that repeats exactly must not count as rare.
    const size = Math.max(Math.abs(value), Math.abs(median), Math.abs(season.expected));
    this.#bySeason.judge(Math.abs(season.residual) > ROUNDING * size ? season.residual : 0, this.#strongest, season.isProven);
    this.#bySeasonRank.judge(Math.abs(season.rankResidual) > ROUNDING ? season.rankResidual : 0, this.#strongest, season.isProven);
    const expected = season.isProven ? season.expected : median;
    const expectation = this.#band(expected);
    this.#residuals.push(value - expected);
    return expectation;
  }

  #expectMissing(atMs: number): Expectation {
    return this.#band(this.#season.expect(atMs) ?? this.#recent.quantile(0.5));
  }

  #band(expected: number | undefined): Expectation {
    const low = this.#residuals.quantile(BAND_SHARE);
    const high = this.#residuals.quantile(1 - BAND_SHARE);
    if (expected === undefined || low === undefined || high === undefined) return { expected, lower: undefined, upper: undefined };
    return { expected, lower: expected + low, upper: expected + high };
  }
}
