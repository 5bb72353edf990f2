const LONG_WINDOWS = 'it looks at the last six hours, which is 4.5 minutes here';

/** Alerts that are raised here but fire longer than the run, with the reason; `promtool` tests that they end. One that ends is an error. */
export const outlasting: Readonly<Record<string, string>> = {
  ToolCallAvailabilityBurnsSlowly: LONG_WINDOWS,
  ToolCallLatencyBurnsSlowly: LONG_WINDOWS,
  HandoffSuccessBurnsSlowly: LONG_WINDOWS,
  ErrorBudgetSpent: 'a budget is for 30 days, which is 9 hours here',
  SeriesGrowFast:
    'it compares with a day ago, which is 18 minutes here, and the series are kept until the head is cut off, after two hours',
};
