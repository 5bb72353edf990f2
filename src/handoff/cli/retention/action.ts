import type { Retention } from '../../retention/retention.js';
import type { Streams } from '../streams.js';

/** Checks the options of an action and their values before anything is opened, and returns what it does; that resolves with the exit code. */
export type Action = (args: readonly string[]) => (retention: Retention, streams: Streams) => Promise<number>;
