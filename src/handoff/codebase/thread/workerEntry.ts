import { threadFile } from '../../storage/threadFile.js';

export interface WorkerEntry {
  readonly url: URL;
  readonly execArgv: readonly string[];
}

/** File of the analysis thread and how to start it. */
export function workerEntry(): WorkerEntry {
  const { extension, execArgv } = threadFile();
  return { url: new URL(`./analysisThread${extension}`, import.meta.url), execArgv };
}
