import { threadFile } from '../../storage/threadFile.js';

export interface AdminThreadEntry {
  readonly url: URL;
  readonly execArgv: readonly string[];
}

/** File of the admin thread and how to start it. */
export function adminThreadEntry(): AdminThreadEntry {
  const { extension, execArgv } = threadFile();
  return { url: new URL(`./adminThread${extension}`, import.meta.url), execArgv };
}
