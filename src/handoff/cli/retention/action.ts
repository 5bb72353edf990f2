import type { Retention } from '../../retention/retention.js';
import type { Streams } from '../streams.js';

/** Checks the options of an action and their values before anything is opened. Returns what it does, which resolves with the exit code. */
export type Action = (args: readonly string[]) => (retention: Retention, streams: Streams) => Promise<number>;
