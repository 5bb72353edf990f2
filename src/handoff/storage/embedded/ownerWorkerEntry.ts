import { threadFile } from '../threadFile.js';

/** File of the worker thread and how to start it. */
export interface OwnerWorkerEntry {
  readonly url: URL;
  readonly execArgv: readonly string[];
}

/** The thread's file next to this one. */
export function ownerWorkerEntry(): OwnerWorkerEntry {
  const { extension, execArgv } = threadFile();
  return { url: new URL(`./ownerThread${extension}`, import.meta.url), execArgv };
}
