import { boards } from '../../boardList.js';
import type { BoardSpec } from '../../panels/spec.js';
import { coreVariables, toolVariable } from '../../panels/variables.js';
import { clientRow } from './client.js';
import { headerRow } from './header.js';
import { durationRow, errorsRow, methodsRow, toolsRow } from './methods.js';
import { mixRow, promptsRow } from './mix.js';
import { sessionsRow } from './sessions.js';

/** Any server that is instrumented with the package. */
export function mcpBoard(): BoardSpec {
  return {
    identity: boards.mcp,
    variables: [...coreVariables(), toolVariable],
    rows: [headerRow(), toolsRow(), errorsRow(), durationRow(), methodsRow(), sessionsRow(), mixRow(), promptsRow(), clientRow()],
    hours: 3,
  };
}
