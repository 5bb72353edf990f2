/** Formats a duration for display: three digits and a suitable unit, such as `870 µs`, `4.21 ms`, `18.3 ms`, `1.25 s`, `12 min`. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return '–';
  if (durationMs < 0) return `-${formatDuration(-durationMs)}`;
  if (durationMs === 0) return '0 ms';
  if (durationMs < 0.0005) return '<1 µs';
  if (durationMs < 0.9995) return `${(durationMs * 1_000).toFixed(0)} µs`;
  if (durationMs < 999.5) return `${threeDigits(durationMs)} ms`;
  const seconds = durationMs / 1_000;
  return seconds < 599.5 ? `${threeDigits(seconds)} s` : `${(seconds / 60).toFixed(0)} min`;
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}
