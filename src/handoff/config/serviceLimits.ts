const HOURS = { min: 0.001, max: 87_600, unit: 'hours' } as const;
const BYTES = { min: 1, max: Number.MAX_SAFE_INTEGER, unit: 'bytes' } as const;

/** What the numbers may be that a host creates services with, by who uses them. */
export const serviceLimits = {
  sessions: { sessionTtlHours: HOURS, maxPackageBytes: { ...BYTES, min: 0 }, maxPageBytes: BYTES },
  handoffs: { handoffTimeoutHours: HOURS },
  retention: { storageLimitBytes: BYTES },
} as const;
