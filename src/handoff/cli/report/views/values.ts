import { bytesText } from '../../render/bytesText.js';
import { formatDuration } from '../../render/duration.js';

export type Unit = 'count' | 'percent' | 'bytes' | 'ms' | 's';

const MS_PER_SECOND = 1000;
const SECONDS_PER_HOUR = 3600;
const HOURS_PER_DAY = 24;
/** Up to here hours say more than days, and minutes more than hours. */
const MOST_OF_SMALLER = 2;
/** In percent. */
const LEAST_SHARE = 0.1;
const ALL = 100;
const WHOLE = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

/** What stands for a value that was not measured. */
export const UNMEASURED = '–';

/** Rounds the mean of samples of what there is only whole. */
export function whole(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

/** Formats a value with its unit: `1,204`, `98.5 %`, `4.2 MB`, `18.3 ms`, `2.4 h`. */
export function valueText(value: number | null, unit: Unit): string {
  if (value === null) return UNMEASURED;
  switch (unit) {
    case 'count':
      return Number.isInteger(value) ? WHOLE.format(value) : TENTHS.format(value);
    case 'percent':
      return percentText(value);
    case 'bytes':
      return bytesText(Math.round(value)).trim();
    case 'ms':
      return formatDuration(value);
    case 's':
      return longDuration(value);
  }
}

/** A few of very many are not none, and all but a few are not all: neither is rounded to 0 % or 100 %. */
function percentText(value: number): string {
  if (value > 0 && value < LEAST_SHARE) return `<${LEAST_SHARE} %`;
  return value > ALL - LEAST_SHARE && value < ALL ? `>${ALL - LEAST_SHARE} %` : `${TENTHS.format(value)} %`;
}

function longDuration(seconds: number): string {
  const hours = seconds / SECONDS_PER_HOUR;
  if (hours < MOST_OF_SMALLER) return formatDuration(seconds * MS_PER_SECOND);
  return hours < MOST_OF_SMALLER * HOURS_PER_DAY ? `${TENTHS.format(hours)} h` : `${TENTHS.format(hours / HOURS_PER_DAY)} d`;
}
