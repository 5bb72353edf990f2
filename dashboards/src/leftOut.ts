/** Metrics of the catalogue that are on no panel, with the reason. A test wants every other one on a board. */
export const leftOut: Readonly<Record<string, string>> = {
  'nodejs.eventloop.delay.min': 'The best case says nothing about what users wait for.',
  'nodejs.eventloop.delay.stddev': 'The percentiles say the same, in figures that compare with the durations of calls.',
  'handoff.retention.deletions': 'Table `deletion_records` has each deletion with its policy and who asked for it.',
  'handoff.retention.partitions':
    "A log says each run; that a partition is missing shows in no user's call, since the default partition takes the rows.",
  'handoff.storage.size': 'Measured when the report is made, which also says the growth and the days left: see docs/retention.md.',
  'handoff.storage.limit': 'A setting; the event `handoff.storage.near_limit` compares with it.',
};
