import type { Retention } from '../../../retention/retention.js';
import type { Answering } from '../../admit.js';
import { prepareTool } from '../toolDefinition.js';
import type { AddTool } from '../toolDefinition.js';
import { assignPolicyTool, listPoliciesTool, updatePolicyTool } from './policyTools.js';
import { eraseSessionTool, holdSessionTool, releaseSessionTool, storageReportTool } from './sessionTools.js';

/** The tools for operators, which are offered only on request: they act on the sessions of all agents. */
export function adminTools(retention: Retention, answering: Answering): AddTool[] {
  return [
    prepareTool(listPoliciesTool(retention), answering),
    prepareTool(updatePolicyTool(retention), answering),
    prepareTool(assignPolicyTool(retention), answering),
    prepareTool(holdSessionTool(retention), answering),
    prepareTool(releaseSessionTool(retention), answering),
    prepareTool(eraseSessionTool(retention), answering),
    prepareTool(storageReportTool(retention), answering),
  ];
}
