import type { BoardSpec } from '../panels/spec.js';
import { businessBoard } from './business/board.js';
import { databasesBoard } from './databases/board.js';
import { historyBoard } from './history/board.js';
import { lifecycleBoard } from './lifecycle/board.js';
import { logsBoard } from './logs/board.js';
import { mcpBoard } from './mcp/board.js';
import { monitoringBoard } from './monitoring/board.js';
import { runtimeBoard } from './runtime/board.js';
import { serviceLevelsBoard } from './slo/board.js';
import { telemetryBoard } from './telemetry/board.js';

/** Returns every board. A feature that adds one lists it here and in boardList.ts. */
export function allBoards(): readonly BoardSpec[] {
  return [
    mcpBoard(),
    serviceLevelsBoard(),
    businessBoard(),
    lifecycleBoard(),
    historyBoard(),
    monitoringBoard(),
    databasesBoard(),
    runtimeBoard(),
    logsBoard(),
    telemetryBoard(),
  ];
}
