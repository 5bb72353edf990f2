import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import { boards } from '../../boardList.js';
import type { BoardSpec } from '../../panels/spec.js';
import { coreVariables } from '../../panels/variables.js';
import { objectiveRow } from './objectiveRow.js';
import { overviewRow } from './overview.js';

/** The objectives of the catalogue, from what the recording rules compute. */
export function serviceLevelsBoard(): BoardSpec {
  const rows = [overviewRow(), ...Object.values(objectives).map(objectiveRow)];
  return { identity: boards.slo, variables: coreVariables(), rows, hours: 24 };
}
