import type { ViteUserConfig } from 'vitest/config';

/** The configuration of this suite for outages of a length. */
export function suite({ outageSeconds }: { readonly outageSeconds: number }): ViteUserConfig {
  return {
    test: {
      name: 'outages',
      include: ['test/stack/outages/**/*.test.ts'],
      pool: 'forks',
      // Each file runs a database, a server, a collector and a Prometheus under load.
      maxWorkers: 1,
      testTimeout: 120_000 + 6 * outageSeconds * 1000,
      hookTimeout: 240_000,
      env: { OUTAGE_SECONDS: String(outageSeconds) },
    },
  };
}
