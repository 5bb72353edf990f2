import type { JobConfigChange } from '../../src/handoff/jobs/jobConfig.js';

export type Order =
  | { readonly do: 'open'; readonly url?: string; readonly dataDir?: string; readonly holdMs?: number }
  | { readonly do: 'hold'; readonly holdMs: number }
  | { readonly do: 'configure'; readonly change: JobConfigChange }
  | { readonly do: 'run' | 'status' | 'warnings' | 'attempts' | 'stop' };

export type Command = Order & { readonly id: number };

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } };

/** A row of the table that the job writes. */
export interface AttemptRow {
  readonly pid: number;
  readonly began: string;
  readonly ended: string | null;
}
