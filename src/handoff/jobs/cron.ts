const MINUTE_MS = 60_000;
const MINUTES_PER_HOUR = 60;
const HOURS_PER_DAY = 24;

/**
 * Returns the cron expression, in UTC, whose occurrences are exactly `intervalMs` apart, or undefined when there is none: cron
 * begins anew at each hour and each day, so only divisors of these are evenly spaced.
 */
export function cronOf(intervalMs: number): string | undefined {
  const minutes = intervalMs / MINUTE_MS;
  if (!Number.isInteger(minutes) || minutes < 1) return undefined;
  if (minutes < MINUTES_PER_HOUR) return MINUTES_PER_HOUR % minutes === 0 ? `${every(minutes)} * * * *` : undefined;
  const hours = minutes / MINUTES_PER_HOUR;
  if (!Number.isInteger(hours)) return undefined;
  if (hours < HOURS_PER_DAY) return HOURS_PER_DAY % hours === 0 ? `0 ${every(hours)} * * *` : undefined;
  return hours === HOURS_PER_DAY ? '0 0 * * *' : undefined;
}

function every(step: number): string {
  return step === 1 ? '*' : `*/${step}`;
}
