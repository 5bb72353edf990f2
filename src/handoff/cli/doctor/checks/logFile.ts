import { constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FIT_FOR_LOG, isFitForLog } from '../../../../logging/fitForLog.js';
import { targetOf } from '../../../../logging/targetOf.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';
import { deniedFor } from '../probes/deniedFor.js';

/** @param denied what keeps this user from using a path so */
export function logFileCheck(denied: typeof deniedFor = deniedFor): Check {
  return {
    name: 'logs.file',
    group: 'logs',
    looksWhether: 'the log file is one that the server takes, this user may write it, and may rename it to rotate it',
    limitMs: 5000,
    needs: ['HANDOFF_LOG_FILE'],
    run: async ({ settings, folder }) => {
      const given = settings.HANDOFF_LOG_FILE;
      if (given === undefined) return [fine('The log goes to stderr.')];
      const path = resolve(folder, given.replaceAll('%p', String(process.pid)));
      if (!isFitForLog(path))
        return [failure(`The server does not start with the log in ${path}.`, `Set HANDOFF_LOG_FILE to ${FIT_FOR_LOG}.`)];
      const file = targetOf(path);
      const unwritable = await denied(file, constants.W_OK);
      if (unwritable !== undefined)
        return [
          failure(
            `This user may not write ${unwritable.path} (${unwritable.code}), so that no record comes into the log file.`,
            'Run the server as the user who owns it, give it to this user (chown), or set HANDOFF_LOG_FILE to another file.',
          ),
        ];
      const unrotatable = await denied(dirname(file), constants.W_OK | constants.X_OK);
      if (unrotatable !== undefined)
        return [
          warning(
            `This user may not write ${unrotatable.path} (${unrotatable.code}), so that the log file cannot be rotated and grows.`,
            'Give the folder to this user (chown), or set HANDOFF_LOG_FILE to a file in another one.',
          ),
        ];
      return [fine(`The log goes to ${path}.`)];
    },
  };
}
