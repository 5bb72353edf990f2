/** Alerts that no fault here raises, with the reason. */
export const notProvoked: Readonly<Record<string, string>> = {
  RedisUnavailable:
    'it needs five failures in five minutes, which is 3.75 s here, and a connection that was lost is tried again about once a second',
  SeriesGrowFast: 'it compares with a day ago, which is 14 minutes here, and needs 20,000 series',
  HeapGrows: 'it compares the heap with six hours ago, which is longer than the processes live here, and needs 512 MiB',
};
