import { McpServer } from '@modelcontextprotocol/server';
import type { Analytics } from '../analytics/analytics.js';
import type { Jobs } from '../jobs/jobs.js';
import type { Monitoring } from '../monitoring/monitoring.js';
import type { Retention } from '../retention/retention.js';
import type { Sessions } from '../sessions/sessions.js';
import { atOnce } from './admit.js';
import type { Admit, Answering, OnRefusedInput } from './admit.js';
import { DEFAULT_MAX_ANSWER_BYTES } from './answers/answerRoom.js';
import { handoffIcon } from './icons.js';
import { agentSessionsResource } from './resources/agentSessionsResource.js';
import { analyticsResource } from './resources/analyticsResource.js';
import { contextResource } from './resources/contextResource.js';
import { healthResource } from './resources/healthResource.js';
import { jobResource } from './resources/jobResource.js';
import { jobsResource } from './resources/jobsResource.js';
import { inboxResource } from './resources/inboxResource.js';
import { metricsResource } from './resources/metricsResource.js';
import { lifecycleResource } from './resources/lifecycleResource.js';
import { LastTemplate, namingOthers } from './resources/lastTemplate.js';
import { OptionalQueryTemplate } from './resources/queryTemplate.js';
import { prepareResource } from './resources/resourceDefinition.js';
import { sessionsResource } from './resources/sessionsResource.js';
import { summaryResource } from './resources/summaryResource.js';
import { acceptHandoffTool } from './tools/acceptHandoffTool.js';
import type { ArgumentLimits } from './tools/arguments.js';
import { analyzeCodebaseTool } from './tools/analyzeCodebaseTool.js';
import { completeHandoffTool } from './tools/completeHandoffTool.js';
import { getAnalyticsTool } from './tools/getAnalyticsTool.js';
import { getContextTool } from './tools/getContextTool.js';
import { getJobStatusTool } from './tools/getJobStatusTool.js';
import { getSummaryTool } from './tools/getSummaryTool.js';
import { listHandoffsTool } from './tools/listHandoffsTool.js';
import { listSessionsTool } from './tools/listSessionsTool.js';
import { registerSessionTool } from './tools/registerSessionTool.js';
import { rejectHandoffTool } from './tools/rejectHandoffTool.js';
import { requestHandoffTool } from './tools/requestHandoffTool.js';
import { runJobNowTool } from './tools/runJobNowTool.js';
import { adminTools } from './tools/retention/adminTools.js';
import { prepareTool } from './tools/toolDefinition.js';
import { updateContextTool } from './tools/updateContextTool.js';
import { updateJobConfigTool } from './tools/updateJobConfigTool.js';

export interface HandoffServerOptions {
  readonly sessions: Sessions;
  /** Without it, or without any job, there are no tools and resources for jobs. */
  readonly jobs?: Jobs;
  /** Without it, there are no resources `handoff://health` and `handoff://metrics`. */
  readonly monitoring?: Monitoring;
  /** Without it, there are no tool `get_analytics` and no resources `handoff://analytics/{type}`. */
  readonly analytics?: Pick<Analytics, 'answer'>;
  /** With it, the server offers the tools for operators, which can erase the sessions of any agent. Default: it does not. */
  readonly adminTools?: Retention | undefined;
  readonly limits: ArgumentLimits;
  /** Name the server reports to clients. Default `ai-handoff-mcp`. */
  readonly name?: string;
  /** Version the server reports to clients. */
  readonly version: string;
  /** Largest JSON-RPC message of an answer in bytes, at least 512 KiB. Default 4 MiB. Pages end before it, and larger entries are cut. */
  readonly maxAnswerBytes?: number;
  /** Decides when a call begins, see `Admission`. The tools of operators are not asked. Default: at once. */
  readonly admit?: Admit;
  /** Lists what the server works without; answers show it while there is anything. Default: nothing. */
  readonly degraded?: () => readonly object[];
  /** By default nobody is told. */
  readonly onRefusedInput?: OnRefusedInput;
}

const SERVER_NAME = 'ai-handoff-mcp';
const SERVER_TITLE = 'AI Handoff';
/** Unless told otherwise, the SDK would announce that the lists can change. */
const CAPABILITIES = { tools: { listChanged: false }, resources: { listChanged: false } };

/** For the agent's model: explains how the tools work together, which no single tool can. */
const INSTRUCTIONS = `Agents share work in sessions. register_session creates one, under a key of your choice. While you work, use update_context to add what the next agent needs: messages, files, tool calls; set agent to your own name. analyze_codebase adds an analysis of source files. request_handoff hands the session to another agent.

To take over a session, find it with list_sessions (agent: your name), read get_summary, then get_context. The size of answers is limited: while an answer has nextCursor or nextAfter, there is more.

To see what was handed to you, call list_handoffs (agent: your name), and accept or reject each pending handoff with accept_handoff or reject_handoff. A session that was handed over with full_handoff becomes active again when you accept. When the work is done, call complete_handoff. You can read a session without accepting its handoff.

The same data is available as resources: handoff://sessions, handoff://context/{sessionKey}, handoff://summary/{sessionKey}, handoff://agents/{agentId}/sessions, handoff://handoffs/{agentId}, handoff://lifecycle/{sessionKey}.`;

/**
 * Returns a factory of handoff MCP servers that are not yet connected. One instance serves one connection (stdio) or one
 * request (HTTP); schemas and templates are created once, here, and shared by all.
 */
export function handoffServerFactory({
  sessions,
  jobs: given,
  monitoring,
  analytics,
  adminTools: retention,
  limits,
  name = SERVER_NAME,
  version,
  maxAnswerBytes = DEFAULT_MAX_ANSWER_BYTES,
  admit = atOnce,
  degraded = () => [],
  onRefusedInput = () => undefined,
}: HandoffServerOptions): () => McpServer {
  const info = { name, title: SERVER_TITLE, version, icons: handoffIcon };
  const jobs = given === undefined || given.names.length === 0 ? undefined : given;
  const answering: Answering = { maxAnswerBytes, admit, degraded, onRefusedInput };
  const operating: Answering = { ...answering, admit: atOnce };
  const options = { capabilities: CAPABILITIES, instructions: INSTRUCTIONS };
  const parts = [
    prepareTool(registerSessionTool(sessions, limits), answering),
    prepareTool(updateContextTool(sessions, limits), answering),
    prepareTool(requestHandoffTool(sessions, limits), answering),
    prepareTool(analyzeCodebaseTool(sessions, limits), answering),
    prepareTool(listSessionsTool(sessions), answering),
    prepareTool(getContextTool(sessions), answering),
    prepareTool(getSummaryTool(sessions), answering),
    prepareTool(listHandoffsTool(sessions), answering),
    prepareTool(acceptHandoffTool(sessions), answering),
    prepareTool(rejectHandoffTool(sessions), answering),
    prepareTool(completeHandoffTool(sessions, limits), answering),
    ...(analytics === undefined ? [] : [prepareTool(getAnalyticsTool(analytics), answering)]),
    ...(jobs === undefined ? [] : jobTools(jobs, operating)),
    ...(retention === undefined ? [] : adminTools(retention, operating)),
    ...resources({ sessions, jobs, monitoring, analytics }, answering, operating),
  ];
  return () => {
    const server = new McpServer(info, options);
    for (const add of parts) add(server);
    return server;
  };
}

function jobTools(jobs: Jobs, answering: Answering): ((server: McpServer) => void)[] {
  return [
    prepareTool(getJobStatusTool(jobs), answering),
    prepareTool(runJobNowTool(jobs), answering),
    prepareTool(updateJobConfigTool(jobs), answering),
  ];
}

interface Shown {
  readonly sessions: Sessions;
  readonly jobs: Jobs | undefined;
  readonly monitoring: Monitoring | undefined;
  readonly analytics: Pick<Analytics, 'answer'> | undefined;
}

function resources(
  { sessions, jobs, monitoring, analytics }: Shown,
  answering: Answering,
  operating: Answering,
): ((server: McpServer) => void)[] {
  const forAgents = [
    sessionsResource(sessions),
    contextResource(sessions),
    summaryResource(sessions),
    lifecycleResource(sessions),
    inboxResource(sessions),
    ...(analytics === undefined ? [] : [analyticsResource(analytics)]),
  ];
  const forOperators = [
    ...(jobs === undefined ? [] : [jobsResource(jobs), jobResource(jobs)]),
    ...(monitoring === undefined ? [] : [healthResource(monitoring), metricsResource(monitoring)]),
  ];
  const last = agentSessionsResource(sessions);
  return [
    ...forAgents.map((resource) => prepareResource(resource, new OptionalQueryTemplate(resource.uri), answering)),
    ...forOperators.map((resource) => prepareResource(resource, new OptionalQueryTemplate(resource.uri), operating)),
    prepareResource(namingOthers(last, [...forAgents, ...forOperators]), new LastTemplate(last.uri), answering),
  ];
}
