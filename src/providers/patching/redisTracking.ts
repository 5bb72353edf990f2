import type { Making, RedisCommands } from './redisCommands.js';
import type { RedisOperation } from './redisOperation.js';
import { isOwnWork, isTolerated } from './redisOwnWork.js';
import { placeOf } from './redisPlace.js';
import { isCommand } from './redisTypes.js';
import type { Client, Command, Pipeline } from './redisTypes.js';

/** What is told of a command before it is given to a connection, if it takes such a way. Throws nothing. */
export interface RedisWatch {
  /** It was made, for a pipeline. A Cluster's pipeline that is sent again tells so of all its commands. */
  made(command: unknown, pipeline: Pipeline): void;
  /** It was given to a Cluster. */
  given(command: unknown, cluster: Client): void;
}

interface Tracked {
  /** Until it is sent. */
  making: Making | undefined;
  operation: RedisOperation | undefined;
  readonly batch: Batch | undefined;
  /** Whether a Cluster has it, and no connection has had it yet. */
  isBeforeConnection: boolean;
}

/** A pipeline. */
interface Batch {
  /** Whether a client fills and sends it by itself: then its commands are on their way as soon as they are made. */
  readonly isAutomatic: boolean;
  /** Of a Cluster's: what became of its commands, until it is known whether it sends them all again. Others' end each for itself. */
  readonly outcomes: Map<RedisOperation, unknown> | undefined;
}

/**
 * Follows each command from where it is made to where its caller gets the reply. Not by its promise: whoever looks at that hides
 * from the host that nobody handles a rejection. A Cluster puts its own `reject` over the one that is there when it is given a
 * command, and calls that only when it gives up, so ours must be in place before; then a command that is redirected ends once.
 */
export class RedisTracking implements RedisWatch {
  readonly #commands: RedisCommands;
  readonly #isMeasuredOnly: () => boolean;
  readonly #tracked = new WeakMap<object, Tracked>();
  readonly #batches = new WeakMap<Pipeline, Batch>();

  /** @param isMeasuredOnly whether another instrumentation makes the spans, asked for each command */
  constructor(commands: RedisCommands, isMeasuredOnly: () => boolean) {
    this.#commands = commands;
    this.#isMeasuredOnly = isMeasuredOnly;
  }

  made(command: unknown, pipeline: Pipeline): void {
    try {
      if (isCommand(command)) this.#made(command, pipeline);
    } catch {
      // The command goes on untraced, here and below.
    }
  }

  given(command: unknown, cluster: Client): void {
    try {
      if (isCommand(command)) this.#given(command, cluster);
    } catch {
      // As above.
    }
  }

  /** It was given to a connection, by its caller or the Cluster; and again if it had to wait or is sent again. */
  sent(command: unknown, client: Client): void {
    try {
      if (isCommand(command)) this.#sent(command, client);
    } catch {
      // As above.
    }
  }

  #made(command: Command, pipeline: Pipeline): void {
    const known = this.#tracked.get(command);
    // It has a new promise, with a `resolve` and a `reject` of its own.
    if (known?.operation !== undefined) return settleWith(command, known.operation, known.batch);
    const batch = this.#batchOf(pipeline);
    this.#tracked.set(command, { making: this.#commands.making(batch.isAutomatic), operation: undefined, batch, isBeforeConnection: false });
  }

  #given(command: Command, cluster: Client): void {
    const tracked = this.#tracked.get(command);
    if (tracked?.operation === undefined) this.#begin(command, cluster, tracked).isBeforeConnection = tracked === undefined;
    else if (tracked.batch?.outcomes?.has(tracked.operation) === true) tracked.operation.retriedAfter(tracked.batch.outcomes.get(tracked.operation));
  }

  #sent(command: Command, client: Client): void {
    const tracked = this.#tracked.get(command);
    if (tracked?.operation === undefined) {
      this.#begin(command, client, tracked);
      return;
    }
    tracked.operation.sentTo(placeOf(client));
    if (!tracked.isBeforeConnection) return;
    tracked.isBeforeConnection = false;
    noteRetries(command, tracked.operation);
  }

  #begin(command: Command, client: Client, known: Tracked | undefined): Tracked {
    const isOwn = isOwnWork(client, command);
    const operation = this.#commands.begin(messageOf(client, command), isOwn || this.#isMeasuredOnly(), known?.making);
    const tracked: Tracked = known ?? { making: undefined, operation, batch: undefined, isBeforeConnection: false };
    if (known === undefined) this.#tracked.set(command, tracked);
    tracked.operation = operation;
    tracked.making = undefined;
    settleWith(command, operation, tracked.batch, isOwn);
    return tracked;
  }

  #batchOf(pipeline: Pipeline): Batch {
    const known = this.#batches.get(pipeline);
    if (known !== undefined) return known;
    const outcomes = pipeline.isCluster === true ? new Map<RedisOperation, unknown>() : undefined;
    // Clients mark the pipelines that they fill by themselves, with symbols.
    const batch: Batch = { isAutomatic: Object.getOwnPropertySymbols(pipeline).length > 0, outcomes };
    this.#batches.set(pipeline, batch);
    if (outcomes !== undefined) endWith(pipeline, outcomes);
    return batch;
  }
}

function messageOf(client: Client, { name, args }: Command): Parameters<RedisCommands['begin']>[0] {
  const { serverAddress, serverPort } = placeOf(client);
  return { command: name, args, database: client.condition?.select ?? client.options?.db ?? 0, serverAddress, serverPort };
}

function settleWith(command: Command, operation: RedisOperation, batch: Batch | undefined, isOwn = false): void {
  const { resolve, reject } = command;
  const outcomes = batch?.outcomes;
  command.resolve = (value) => {
    if (outcomes === undefined) operation.end();
    else outcomes.set(operation, undefined);
    return resolve(value);
  };
  command.reject = (error) => {
    // Nobody made these commands, so nobody's call has failed when the client gets along without.
    if (isOwn && isTolerated(command, error)) operation.drop();
    else if (outcomes === undefined) operation.end(error);
    else outcomes.set(operation, error);
    return reject(error);
  };
}

/** The caller gets all replies of a pipeline together. */
function endWith(pipeline: Pipeline, outcomes: Map<RedisOperation, unknown>): void {
  const { resolve, reject } = pipeline;
  const end = (): void => {
    for (const [operation, error] of outcomes) operation.end(error);
    outcomes.clear();
  };
  pipeline.resolve = (results) => {
    end();
    return resolve(results);
  };
  pipeline.reject = (error) => {
    end();
    return reject(error);
  };
}

/** A `reject` that does not end the command is the Cluster's, which sends it again, at once or after a while. */
function noteRetries(command: Command, operation: RedisOperation): void {
  const { reject } = command;
  command.reject = (error) => {
    const answer = reject(error);
    if (!operation.isOver) operation.retriedAfter(error);
    return answer;
  };
}
