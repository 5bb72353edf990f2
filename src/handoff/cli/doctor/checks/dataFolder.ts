import { constants } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, errorMessage } from '../../../../errors/classify.js';
import { diskUse } from '../../../monitoring/health/checks/disk.js';
import { DAMAGED_FOLDER, hasDatabase } from '../../../storage/embedded/dataFolder.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';
import { deniedFor } from '../probes/deniedFor.js';
import { fileSystemOf } from '../probes/fileSystem.js';
import { onDataFolder } from './onDataFolder.js';

export const folderWritableCheck: Check = onDataFolder({
  name: 'data_folder.writable',
  looksWhether: 'this user may write the data folder and owns the folder `embedded` in it, and what is there is a database',
  look: async (folder) => {
    const denied = await deniedFor(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    if (denied !== undefined)
      return [
        failure(
          `This user may not write ${denied.path} (${denied.code}).`,
          `Run the server as the user who owns it, give it to this user (chown), or set HANDOFF_DATA_DIR to another folder.`,
        ),
      ];
    return [await ownership(join(folder, 'embedded'))];
  },
});

async function ownership(home: string): Promise<Finding> {
  const me = process.getuid?.();
  try {
    const { uid } = await lstat(home);
    if (me !== undefined && uid !== me)
      return failure(
        `${home} belongs to the user with id ${uid}, and this is ${me}.`,
        'Run the server as that user: nobody else may use it, root included.',
      );
    return hasDatabase(join(home, 'pgdata')) ? fine(`There is a database in ${home}.`) : fine('The first start makes the database.');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return fine('The first start makes the database.');
    if (errorCode(error) !== DAMAGED_FOLDER) throw error;
    return failure(
      `The embedded database is damaged: ${errorMessage(error)}.`,
      'Put a backup of the folder embedded in its place, or remove that folder to start from nothing.',
    );
  }
}

const LOW_PERCENT = 90;
const FULL_PERCENT = 97;

export const folderSpaceCheck: Check = onDataFolder({
  name: 'data_folder.space',
  looksWhether: 'the file system of the data folder has space left',
  look: async (folder) => {
    const { freeBytes, usedPercent } = await diskUse(folder);
    const says = `The file system of the data folder is ${usedPercent.toFixed(0)} % full: ${(freeBytes / 1_000_000_000).toFixed(1)} GB are free.`;
    const remedy = 'Free space on it, make it larger, or keep less (docs/retention.md).';
    if (usedPercent >= FULL_PERCENT) return [failure(says, remedy)];
    return [usedPercent >= LOW_PERCENT ? warning(says, remedy) : fine(says)];
  },
});

export const fileSystemCheck: Check = onDataFolder({
  name: 'data_folder.file_system',
  looksWhether: 'the data folder is on a local file system that outlives the machine or container',
  look: async (folder) => {
    const { name, trouble } = await fileSystemOf(folder);
    if (trouble === 'network')
      return [
        failure(
          `The data folder is on a network file system (${name}), where locks cannot be relied on: two machines could open one database and destroy it.`,
          'Set HANDOFF_DATA_DIR to a folder on a local disk, or use PostgreSQL (DATABASE_URL).',
        ),
      ];
    if (trouble === 'short-lived')
      return [
        warning(
          `The data folder is on ${name}, which is gone when the machine restarts or the container is replaced.`,
          'Set HANDOFF_DATA_DIR to a folder on a disk, or mount a volume there.',
        ),
      ];
    return [
      fine(name === undefined ? 'The kind of the file system is not known.' : `The data folder is on a local file system (${name}).`),
    ];
  },
});
