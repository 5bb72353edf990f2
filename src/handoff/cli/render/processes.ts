import type { AttributeValue, ResourceRecord } from '../../../testing/records.js';
import type { Role } from './paint.js';
import { printable } from './width.js';

/** One process that took part in a trace. */
export interface ProcessMark {
  /** `A` for the first to appear, then `B`, …; a number after `Z`. */
  readonly mark: string;
  /** Service name and process id. */
  readonly label: string;
  readonly role: Role;
}

const ROLES: readonly Role[] = ['process0', 'process1', 'process2', 'process3', 'process4'];

/** Gives every distinct process among `resources` a mark, in order of appearance. Two replicas of one service count as two. */
export class ProcessMarks {
  readonly #marks = new Map<string, ProcessMark>();

  constructor(resources: Iterable<ResourceRecord>) {
    for (const resource of resources) {
      const key = keyOf(resource);
      if (!this.#marks.has(key)) this.#marks.set(key, markOf(resource, this.#marks.size));
    }
  }

  /** All processes, in order of appearance. */
  get all(): readonly ProcessMark[] {
    return [...this.#marks.values()];
  }

  /** The mark of a resource; undefined if the process was not among those given. */
  of(resource: ResourceRecord): ProcessMark | undefined {
    return this.#marks.get(keyOf(resource));
  }
}

const textOf = (value: AttributeValue | undefined): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

function keyOf({ attributes }: ResourceRecord): string {
  return JSON.stringify(['service.namespace', 'service.name', 'service.instance.id', 'process.pid'].map((key) => textOf(attributes[key])));
}

function markOf({ attributes }: ResourceRecord, index: number): ProcessMark {
  const name = textOf(attributes['service.name']) || 'unknown service';
  const pid = textOf(attributes['process.pid']);
  const instance = textOf(attributes['service.instance.id']).slice(0, 8);
  const which = pid === '' ? instance : `pid ${pid}`;
  return {
    mark: index < 26 ? String.fromCharCode(65 + index) : String(index + 1),
    label: printable(which === '' ? name : `${name} (${which})`),
    role: ROLES[index % ROLES.length] ?? 'process0',
  };
}
