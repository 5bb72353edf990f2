/** Metrics of the catalogue that are on no panel, with the reason. A test wants every other one on a board. */
export const leftOut: Readonly<Record<string, string>> = {
  'handoff.analytics.recommendations':
    'It counts answers, and not problems: whoever wants to know what to change asks for the recommendations themselves.',
  'nodejs.eventloop.delay.min': 'The best case says nothing about what users wait for.',
  'nodejs.eventloop.delay.stddev': 'The percentiles say the same, in figures that compare with the durations of calls.',
};
