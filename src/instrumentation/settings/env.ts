export type { Env } from '../../variables/reader.js';

/** Collects notices about settings that were not used as given; each is a whole sentence. */
export type Notify = (notice: string) => void;
