import type { Link, Span } from '@opentelemetry/api';
import { clip } from '../message/clip.js';
import type { Direction } from '../message/direction.js';
import { isRecord } from '../../../values/guards.js';
import { stringProperty } from '../shapes.js';
import type { JsonRpcMessage } from '../shapes.js';
import { RememberedSpans } from './rememberedSpans.js';

const MAX_KEY_LENGTH = 512;

/**
 * Links messages that belong together but have no common parent.
 *
 * Tasks: `tasks/get`, `tasks/result`, `tasks/cancel`, `tasks/update` and `notifications/tasks/status` link to the request
 * that was answered with the task. Rounds (2026-07-28): a request repeated with `inputResponses` links to the one that was
 * answered `input_required`, found by its `requestState`.
 */
export class Continuations {
  readonly #tasks: Record<Direction, RememberedSpans> = { received: new RememberedSpans(), sent: new RememberedSpans() };
  readonly #rounds: Record<Direction, RememberedSpans> = { received: new RememberedSpans(), sent: new RememberedSpans() };

  /** Remembers the task or round that the response to a request opened. */
  answered(direction: Direction, method: string, result: Readonly<Record<string, unknown>>, span: Span | undefined): void {
    if (span === undefined) return;
    const taskId =
      stringProperty(result['task'], 'taskId') ?? (result['resultType'] === 'task' ? stringProperty(result, 'taskId') : undefined);
    if (taskId !== undefined && taskId.length <= MAX_KEY_LENGTH) this.#tasks[direction].remember(taskId, span.spanContext());
    const round = result['resultType'] === 'input_required' ? roundKey(direction, method, result) : undefined;
    if (round !== undefined) this.#rounds[direction].remember(round, span.spanContext());
  }

  /** Returns the link of a message that continues a task or round. */
  linkOf(direction: Direction, { method, params }: JsonRpcMessage): Link | undefined {
    if (typeof method !== 'string' || !isRecord(params)) return undefined;
    if (params['inputResponses'] !== undefined) {
      const round = roundKey(direction, method, params);
      return round === undefined ? undefined : link(this.#rounds[direction].recall(round));
    }
    const isTask = method.startsWith('tasks/') || method === 'notifications/tasks/status';
    if (!isTask) return undefined;
    const taskId = stringProperty(params, 'taskId');
    if (taskId === undefined) return undefined;
    // Status notifications travel in the opposite direction of the request they are about.
    const origin = method === 'notifications/tasks/status' ? opposite(direction) : direction;
    return link(this.#tasks[origin].recall(taskId));
  }
}

/** Without a state, a server cannot distinguish the rounds of its clients, and a wrong link is worse than none. */
function roundKey(direction: Direction, method: string, source: Readonly<Record<string, unknown>>): string | undefined {
  const state = stringProperty(source, 'requestState');
  return state === undefined && direction === 'received' ? undefined : `${method} ${clip(state ?? '', MAX_KEY_LENGTH)}`;
}

function opposite(direction: Direction): Direction {
  return direction === 'received' ? 'sent' : 'received';
}

function link(spanContext: Link['context'] | undefined): Link | undefined {
  return spanContext === undefined ? undefined : { context: spanContext };
}
