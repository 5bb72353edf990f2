/** Metrics of the catalogue that are on no panel, with the reason. A test wants every other one on a board. */
export const leftOut: Readonly<Record<string, string>> = {
  'handoff.codebase.files': 'Files are refused by what agents ask for and operators allow; the answers and the log of the call say why.',
  'handoff.archive.object.size':
    'How much is archived is told by the operations; how large single objects are is for whoever tunes the store.',
  'handoff.archive.failures':
    'What a failure of the store spoils is an operation, and those are shown with their error; this names the store and its call.',
  'nodejs.eventloop.delay.min': 'The best case says nothing about what users wait for.',
  'nodejs.eventloop.delay.stddev': 'The percentiles say the same, in figures that compare with the durations of calls.',
  'messaging.client.operation.duration': 'What the job queue is told takes a statement each, which the board of databases shows.',
  'messaging.client.sent.messages': 'A run that was wanted and one that took place differ only by those that were planned already.',
  'messaging.client.consumed.messages': 'The attempts, which are shown, are the same runs.',
  'handoff.retention.deletions': 'Table `deletion_records` has each deletion with its policy and who asked for it.',
  'handoff.retention.partitions':
    "A log says each run; that a partition is missing shows in no user's call, since the default partition takes the rows.",
  'handoff.storage.size': 'Measured when the report is made, which also says the growth and the days left: see docs/retention.md.',
  'handoff.storage.limit': 'A setting; the event `handoff.storage.near_limit` compares with it.',
};
