import type { Retention } from '../../../retention/retention.js';
import { prepareTool } from '../toolDefinition.js';
import type { AddTool } from '../toolDefinition.js';
import { assignPolicyTool, listPoliciesTool, updatePolicyTool } from './policyTools.js';
import { eraseSessionTool, holdSessionTool, releaseSessionTool, storageReportTool } from './sessionTools.js';

/** The tools for operators, which are offered only on request: they act on the sessions of all agents. */
export function adminTools(retention: Retention, maxAnswerBytes: number): AddTool[] {
  return [
    prepareTool(listPoliciesTool(retention), maxAnswerBytes),
    prepareTool(updatePolicyTool(retention), maxAnswerBytes),
    prepareTool(assignPolicyTool(retention), maxAnswerBytes),
    prepareTool(holdSessionTool(retention), maxAnswerBytes),
    prepareTool(releaseSessionTool(retention), maxAnswerBytes),
    prepareTool(eraseSessionTool(retention), maxAnswerBytes),
    prepareTool(storageReportTool(retention), maxAnswerBytes),
  ];
}
