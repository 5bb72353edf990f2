import { checkedNumbers } from '../config/checkedNumbers.js';
import { serviceLimits } from '../config/serviceLimits.js';
import { analyseCodebase } from './analyseCodebase.js';
import type { AnalyseOutcome, AnalyseRequest } from './analyseCodebase.js';
import { appendContext } from './appendContext.js';
import type { AppendOutcome, AppendRequest } from './appendContext.js';
import { appendStatement } from './appends/appendStatement.js';
import { checkedCall, checkedKey, requestRules } from './checkedRequests.js';
import type { SessionDependencies } from './dependencies.js';
import { SharedHandoffStatements } from './handingOver/handoffStatements.js';
import { answerHandoff } from './handoffs/answerHandoff.js';
import type { AnswerOutcome, AnswerRequest } from './handoffs/answerHandoff.js';
import type { InboxItem } from './handoffs/handoff.js';
import { listHandoffs } from './handoffs/listHandoffs.js';
import type { InboxQuery } from './handoffs/listHandoffs.js';
import { readLifecycle } from './handoffs/readLifecycle.js';
import type { LifecyclePage, LifecycleRequest } from './handoffs/readLifecycle.js';
import { listSessions } from './listSessions.js';
import type { SessionQuery } from './listSessions.js';
import { readContext, readSessionSummary } from './readContext.js';
import type { ContextRequest, FullContext } from './readContext.js';
import { readSessionPart } from './readPart.js';
import type { PartOutcome, PartRequest } from './readPart.js';
import { registerSession } from './registerSession.js';
import type { RegisterOutcome, RegisterRequest } from './registerSession.js';
import { requestHandoff } from './requestHandoff.js';
import type { HandoffOutcome, HandoffRequest } from './requestHandoff.js';
import { StatementQueue } from './sharing/statementQueue.js';
import type { ContextSummary, Page, Session } from './types.js';

/**
 * What agents can do with sessions. Every method is one observed operation; business failures are outcomes, not errors. A request that
 * cannot be used rejects with `InvalidArgumentError`, and nothing was sent to the database.
 */
export interface Sessions {
  register(request: RegisterRequest): Promise<RegisterOutcome>;
  append(request: AppendRequest): Promise<AppendOutcome>;
  handOff(request: HandoffRequest): Promise<HandoffOutcome>;
  analyse(request: AnalyseRequest): Promise<AnalyseOutcome>;
  context(request: ContextRequest): Promise<FullContext | undefined>;
  part(request: PartRequest): Promise<PartOutcome>;
  summary(sessionKey: string): Promise<ContextSummary | undefined>;
  list(query: SessionQuery): Promise<Page<Session>>;
  acceptHandoff(request: AnswerRequest): Promise<AnswerOutcome>;
  rejectHandoff(request: AnswerRequest): Promise<AnswerOutcome>;
  completeHandoff(request: AnswerRequest): Promise<AnswerOutcome>;
  /** The inbox of an agent. */
  listHandoffs(query: InboxQuery): Promise<Page<InboxItem>>;
  /** Where a session stands; undefined for an unknown one. */
  lifecycle(request: LifecycleRequest): Promise<LifecyclePage | undefined>;
}

export function createSessions(given: SessionDependencies): Sessions {
  const deps = checkedNumbers(given, serviceLimits.sessions);
  const queued = { ...deps, endOfTurn: setImmediate };
  const appends = new StatementQueue(queued, appendStatement(deps.database));
  const handoffs = new SharedHandoffStatements(queued);
  return {
    register: checkedCall(requestRules.register, (request) => registerSession(deps, request)),
    append: checkedCall(requestRules.append, (request) => appendContext(deps, appends, request)),
    handOff: checkedCall(requestRules.handOff, (request) => requestHandoff(deps, handoffs, request)),
    analyse: checkedCall(requestRules.analyse, (request) => analyseCodebase(deps, request)),
    context: checkedCall(requestRules.context, (request) => readContext(deps, request)),
    part: checkedCall(requestRules.part, (request) => readSessionPart(deps, request)),
    summary: async (sessionKey) => readSessionSummary(deps, checkedKey(sessionKey)),
    list: checkedCall(requestRules.list, (query) => listSessions(deps, query)),
    acceptHandoff: checkedCall(requestRules.answerHandoff, (request) => answerHandoff(deps, 'accept', request)),
    rejectHandoff: checkedCall(requestRules.answerHandoff, (request) => answerHandoff(deps, 'reject', request)),
    completeHandoff: checkedCall(requestRules.answerHandoff, (request) => answerHandoff(deps, 'complete', request)),
    listHandoffs: checkedCall(requestRules.listHandoffs, (query) => listHandoffs(deps, query)),
    lifecycle: checkedCall(requestRules.lifecycle, (request) => readLifecycle(deps, request)),
  };
}
