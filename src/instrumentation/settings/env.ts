export type { Env } from '../../variables/reader.js';

/** Collects what the user should know about a setting that was not taken as given; whole sentences. */
export type Notify = (notice: string) => void;
