import { InvalidArgumentError } from '../../errors/lifecycleErrors.js';
import { isMapping, isRecord } from '../../values/guards.js';
import { isUuid } from '../../values/uuid.js';
import { analysisTypes } from '../codebase/types.js';
import type { AnalyseRequest } from './analyseCodebase.js';
import type { AppendRequest } from './appendContext.js';
import type { AnswerRequest } from './handoffs/answerHandoff.js';
import { handoffStatuses } from './handoffs/handoff.js';
import type { InboxQuery } from './handoffs/listHandoffs.js';
import type { LifecycleRequest } from './handoffs/readLifecycle.js';
import type { SessionQuery } from './listSessions.js';
import type { ContextRequest } from './readContext.js';
import type { PartRequest } from './readPart.js';
import type { RegisterRequest } from './registerSession.js';
import type { HandoffRequest } from './requestHandoff.js';
import { contextParts, contextTypes, requestTypes, sessionStatuses } from './types.js';

/** What one value of a request may be. */
interface Rule {
  readonly allowed: string;
  readonly fits: (value: unknown) => boolean;
  readonly isOptional?: true;
}

type Rules<Request> = { readonly [Key in keyof Required<Request>]: Rule };

const MAX_INTEGER = 2_147_483_647;
const text: Rule = { allowed: 'a string', fits: (value) => typeof value === 'string' };
const texts: Rule = { allowed: 'an array of strings', fits: (value) => Array.isArray(value) && value.every(text.fits) };
const object: Rule = { allowed: 'an object, as JSON has them', fits: isMapping };
const flag: Rule = { allowed: 'true or false', fits: (value) => typeof value === 'boolean' };
const uuid: Rule = { allowed: 'the id of a handoff (a UUID)', fits: isUuid };

/** Characters are counted as PostgreSQL does. */
function name(max: number): Rule {
  return {
    allowed: `a string of 1 to ${max} characters`,
    fits: (value) => typeof value === 'string' && value !== '' && (value.length <= max || Array.from(value).length <= max),
  };
}

function oneOf(words: readonly string[]): Rule {
  return { allowed: `one of ${words.join(', ')}`, fits: (value) => words.some((word) => word === value) };
}

function wholeNumber(min: number): Rule {
  return {
    allowed: `a whole number from ${min} to ${MAX_INTEGER}`,
    fits: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= MAX_INTEGER,
  };
}

function optional(rule: Rule): Rule {
  return { ...rule, isOptional: true };
}

const limit = wholeNumber(1);
const cursor = optional(text);

const register: Rules<RegisterRequest> = {
  sessionKey: name(255),
  agentFrom: name(100),
  metadata: object,
  retentionPolicy: optional(text),
};
const append: Rules<AppendRequest> = {
  sessionKey: text,
  contextType: oneOf(contextTypes),
  content: text,
  metadata: object,
  agent: optional(name(100)),
};
const handOff: Rules<HandoffRequest> = {
  sessionKey: text,
  targetAgent: name(100),
  requestType: oneOf(requestTypes),
  requestData: object,
};
const analyse: Rules<Omit<AnalyseRequest, 'signal'>> = { sessionKey: text, filePaths: texts, analysisType: oneOf(analysisTypes) };
const context: Rules<ContextRequest> = {
  sessionKey: text,
  afterSequenceNumber: wholeNumber(0),
  limit,
  contextType: optional(oneOf(contextTypes)),
};
const part: Rules<PartRequest> = {
  sessionKey: text,
  part: oneOf(contextParts),
  sequenceNumber: optional(wholeNumber(0)),
  offset: wholeNumber(0),
};
const list: Rules<SessionQuery> = {
  status: optional(oneOf(sessionStatuses)),
  agent: optional(text),
  dormant: optional(flag),
  limit,
  cursor,
};
const answerHandoff: Rules<AnswerRequest> = { sessionKey: text, agent: text, handoffId: optional(uuid), answer: optional(object) };
const listHandoffs: Rules<InboxQuery> = {
  agent: text,
  status: optional(oneOf(handoffStatuses)),
  requestType: optional(oneOf(requestTypes)),
  limit,
  cursor,
  isOnlyALook: optional(flag),
};
const lifecycle: Rules<LifecycleRequest> = { sessionKey: text, limit, cursor };

/** What requests must be, by operation. Tools check more, and say it to agents. */
export const requestRules = { register, append, handOff, analyse, context, part, list, answerHandoff, listHandoffs, lifecycle } as const;

/**
 * Makes a call reject with `InvalidArgumentError` where its request cannot be used, before anything is sent. A host in JavaScript may pass
 * anything, and the database takes some of it: a limit that is missing finds nothing.
 */
export function checkedCall<Request extends object, Outcome>(
  rules: Readonly<Record<string, Rule>>,
  call: (request: Request) => Promise<Outcome>,
): (request: Request) => Promise<Outcome> {
  const entries = Object.entries(rules);
  const optionalKeys = entries.flatMap(([key, { isOptional }]) => (isOptional === true ? [key] : []));
  return (given) => {
    const request = withoutNulls(optionalKeys, given);
    const problem = problemOf(entries, request);
    return problem === undefined ? call(request) : Promise.reject(problem);
  };
}

/** Null for a value that may be missing is how JSON and databases say that it is missing. */
function withoutNulls<Request extends object>(optionalKeys: readonly string[], request: Request): Request {
  if (!isRecord(request) || !optionalKeys.some((key) => request[key] === null)) return request;
  return Object.fromEntries(Object.entries(request).filter(([key, value]) => value !== null || !optionalKeys.includes(key))) as Request;
}

function problemOf(entries: readonly (readonly [string, Rule])[], request: unknown): InvalidArgumentError | undefined {
  if (!isRecord(request)) return new InvalidArgumentError('request', 'an object');
  for (const [key, rule] of entries) {
    const value = request[key];
    if ((value !== undefined || rule.isOptional !== true) && !rule.fits(value)) return new InvalidArgumentError(key, rule.allowed);
  }
  return undefined;
}

/** @throws InvalidArgumentError for anything but a string */
export function checkedKey(sessionKey: unknown): string {
  if (typeof sessionKey !== 'string') throw new InvalidArgumentError('sessionKey', text.allowed);
  return sessionKey;
}
