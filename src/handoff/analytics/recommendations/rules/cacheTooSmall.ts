import { changeOf } from '../settingChange.js';
import type { Rule } from '../rule.js';

const LEAST_READS = 1000;
const LEAST_HIT_PERCENT = 80;
const FULL = 0.95;
const MOST_ENTRIES = 1_000_000;
const MOST_BYTES = 4_294_967_296;

export const cacheTooSmall: Rule = {
  code: 'cache_too_small',
  title: 'The cache in memory is full, and finds too little',
  severity: 'info',
  needs: ['cache'],
  when: `of ${LEAST_READS} reads or more, fewer than ${LEAST_HIT_PERCENT} % found an entry, and the cache is filled to ${FULL * 100} % or more of its maximum of entries or bytes`,
  source:
    'below 80 % a cache costs about as much time as it saves, as guides to Redis also say; if the cache is not full, a larger one would not find more',
  find: ({ cache }) => {
    if (cache === undefined || cache.reads < LEAST_READS) return [];
    const { reads, hits, entries, maxEntries, bytes, maxBytes, from, to } = cache;
    const hitPercent = (100 * hits) / reads;
    const isFullOfEntries = entries >= FULL * maxEntries;
    if (hitPercent >= LEAST_HIT_PERCENT || (!isFullOfEntries && bytes < FULL * maxBytes)) return [];
    const [variable, now, most] = isFullOfEntries
      ? (['HANDOFF_CACHE_MAX_ENTRIES', maxEntries, MOST_ENTRIES] as const)
      : (['HANDOFF_CACHE_MAX_BYTES', maxBytes, MOST_BYTES] as const);
    if (now >= most) return [];
    const wanted = Math.min(now * 2, most);
    return [
      {
        subject: null,
        evidence: [
          { name: 'reads', value: reads, unit: 'reads', from, to },
          { name: 'reads that found something', value: hitPercent, unit: '%', from, to },
          { name: 'entries', value: entries, unit: 'entries', from: to, to },
          { name: 'size of the entries', value: bytes, unit: 'bytes', from: to, to },
        ],
        expectedEffect: `Up to twice as much stays in memory, so that fewer than ${reads - hits} reads in the same time go to the database. The process uses up to ${maxBytes * (isFullOfEntries ? 1 : 2)} bytes for this.`,
        change: changeOf(variable, now, wanted),
        howToCheck: `cacheHitRatePercent of getPerformanceTrends() over the days after the change is higher than ${hitPercent.toFixed(1)}.`,
      },
    ];
  },
};
