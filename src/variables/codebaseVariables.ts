import { folders, wholeNumber } from './kinds.js';
import { Unset, variable } from './variable.js';

export const codebaseVariables = {
  HANDOFF_CODEBASE_ROOTS: variable(
    folders,
    new Unset('none: nothing can be analysed'),
    'Folders that `analyze_codebase` may read, with everything below them. Other files are refused, even if a symbolic link leads to them. Anyone who can call the tools learns the names and the structure of the code in these files, but not its text.',
  ),
  HANDOFF_CODEBASE_MAX_FILES: variable(wholeNumber(1, 500, 'files'), 100, 'A call of `analyze_codebase` with more files is refused.'),
  HANDOFF_CODEBASE_MAX_FILE_BYTES: variable(
    wholeNumber(1024, 4_194_304, 'bytes'),
    1_048_576,
    'A larger file is not analysed. The parser needs up to a few hundred times this memory, and gets at most 512 MiB.',
  ),
  HANDOFF_CODEBASE_MAX_TOTAL_BYTES: variable(
    wholeNumber(1024, 268_435_456, 'bytes'),
    16_777_216,
    'Maximum size of all files of one call together. Files beyond it are not analysed.',
  ),
  HANDOFF_CODEBASE_FILE_TIMEOUT_MS: variable(wholeNumber(100, 600_000, 'ms'), 10_000, 'The analysis of a file is aborted after this time.'),
  HANDOFF_CODEBASE_TIMEOUT_MS: variable(
    wholeNumber(100, 3_600_000, 'ms'),
    30_000,
    'Time limit for all files of one call. Files that are left after it are not analysed. Clients of the TypeScript SDK wait 60 seconds for an answer.',
  ),
};
