import { loadPeer } from '../../storage/loadPeer.js';

/** Durations of one series in one interval, as a histogram of bounded size. */
export interface Sketch {
  record(durationMs: number): void;
  /** Adds what another one has, as `encode()` returned it. */
  add(encoded: string): void;
  /** In milliseconds. */
  percentileMs(percent: number): number;
  /** A compressed HDR histogram (V2) of microseconds, in base64. Such histograms can be merged. */
  encode(): string;
}

export type MakeSketch = () => Sketch;

/** Two significant digits: an error of at most 0.5 %, in about half a kilobyte. */
const DIGITS = 2;
/** An hour, in microseconds. What takes longer counts as an hour. */
const HIGHEST_MICROS = 3_600_000_000;

/** Loads the library. Rejects with `MissingPeerError` when `hdr-histogram-js` is not installed. */
export async function loadSketches(): Promise<MakeSketch> {
  const { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } = await loadPeer('hdr-histogram-js');
  return () => {
    const histogram = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: HIGHEST_MICROS,
      numberOfSignificantValueDigits: DIGITS,
      bitBucketSize: 32,
      autoResize: false,
    });
    return {
      record: (durationMs) => histogram.recordValue(Math.min(HIGHEST_MICROS, Math.max(1, Math.round(durationMs * 1000)))),
      add: (encoded) => histogram.add(decodeFromCompressedBase64(encoded)),
      percentileMs: (percent) => histogram.getValueAtPercentile(percent) / 1000,
      encode: () => encodeIntoCompressedBase64(histogram),
    };
  };
}
