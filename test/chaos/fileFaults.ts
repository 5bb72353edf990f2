/** Ways in which the file system fails below a folder. */
export const fileFaults = [
  'read_only',
  'no_space',
  'not_synchronised',
  'not_readable',
  'not_renamed',
  'renamed_untold',
  'not_deleted',
] as const;
export type FileFault = (typeof fileFaults)[number];

/** Names the variable by which a replica gets its plan, as JSON. */
export const FILE_FAULTS_VARIABLE = 'CHAOS_FILE_FAULTS';

export interface FileFaultsPlan {
  readonly folder: string;
  readonly seed: number;
  /** Holds the share of the calls that fail. */
  readonly shareFile: string;
  /** Gets a line for each fault. */
  readonly logFile: string;
}
