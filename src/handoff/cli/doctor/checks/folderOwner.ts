import { join } from 'node:path';
import { isOurAddress, publishedAddress } from '../../../storage/embedded/address.js';
import { recordedOwner } from '../../../storage/embedded/ownerRecord.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';
import { tryConnect } from '../probes/tryConnect.js';
import { onDataFolder } from './onDataFolder.js';

const CONNECT_MS = 2000;

/** Looks at what the owner has written down, and never at the lock: who opens its file could release it. */
export const folderOwnerCheck: Check = onDataFolder({
  name: 'data_folder.owner',
  looksWhether: 'the process that has the embedded database open is alive, not suspended, and takes connections',
  look: async (folder) => {
    const home = join(folder, 'embedded');
    const address = publishedAddress(home);
    const listens = address !== undefined && isOurAddress(address) && (await tryConnect({ path: address }, CONNECT_MS)) === undefined;
    const owner = recordedOwner(home);
    if (owner?.state === 'suspended')
      return [
        failure(
          `Process ${owner.pid} has the embedded database and is suspended, so that nobody can use it.`,
          `Resume it (kill -CONT ${owner.pid}), or end it with kill -KILL ${owner.pid}: another process takes over.`,
        ),
      ];
    if (listens)
      return [fine(`A server has the embedded database open and shares it${owner === undefined ? '' : ` (process ${owner.pid})`}.`)];
    if (owner?.state === 'elsewhere')
      return [
        warning(
          `Process ${owner.pid} of another container or machine had the embedded database open, and takes no connections from here.`,
          'Let all servers of one data folder run in the same container, or use PostgreSQL (DATABASE_URL).',
        ),
      ];
    if (owner !== undefined)
      return [
        failure(
          `Process ${owner.pid} has the embedded database and takes no connections.`,
          `Wait a minute if it has just started. Otherwise end it with kill ${owner.pid}: another process takes over.`,
        ),
      ];
    return [fine('No process has the embedded database open; the next server takes it.')];
  },
});
