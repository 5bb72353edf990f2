import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { RedisCommands } from './redisCommands.js';
import type { RedisOperation } from './redisOperation.js';
import { isOwnWork, isTolerated } from './redisOwnWork.js';
import { isPlaceChosen, placeOf } from './redisPlace.js';
import { isCommand } from './redisTypes.js';
import type { Client, Command as AnyCommand, Pipeline } from './redisTypes.js';

/** Notified of a command before it reaches a connection, if it takes such a path. Never throws. */
export interface RedisWatch {
  /** It was created for a pipeline. A Cluster's pipeline that is sent again reports all its commands again. */
  made(command: unknown, pipeline: Pipeline): void;
  /** It was given to a Cluster. */
  given(command: unknown, cluster: Client): void;
}

interface Tracked {
  /** For a command in a pipeline that the host sends: the context it was created in, until it is sent. */
  madeIn: Context | undefined;
  operation: RedisOperation | undefined;
  /** The client that had it first. */
  client: Client | undefined;
  readonly batch: Batch | undefined;
  /** Whether a Cluster holds it and no connection has had it yet. */
  isBeforeConnection: boolean;
}

/** Stored on the command itself: a map beside it would cost as much again as all the rest of a measurement. */
const TRACKED = Symbol('handoff-otel: what is known of this command');

type Command = AnyCommand & { [TRACKED]?: Tracked };

/** A pipeline. */
interface Batch {
  /** The client that fills and sends it automatically, whose commands are in flight as soon as they are created. */
  readonly filledBy: Client | undefined;
  /**
   * For a Cluster's pipeline: the outcomes of its commands, until it is known whether it sends them all again. In other pipelines
   * each command ends on its own.
   */
  readonly outcomes: Map<RedisOperation, unknown> | undefined;
  /** For a Cluster's pipeline: commands that are already in flight. If the Cluster refuses the pipeline, none of them is ever sent. */
  readonly begun: RedisOperation[];
}

/**
 * Follows each command from where it is created to where its caller gets the reply. It does not use the command's promise: a
 * handler on that would hide from the host that nobody handles a rejection. A Cluster replaces the `reject` it finds on a command
 * it is given, and calls the old one only when it gives up, so ours must be in place before; then a redirected command ends once.
 */
export class RedisTracking implements RedisWatch {
  readonly #commands: RedisCommands;
  readonly #isMeasuredOnly: () => boolean;
  readonly #batches = new WeakMap<Pipeline, Batch>();

  /** @param isMeasuredOnly whether another instrumentation creates the spans; asked for each command */
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

  /** It was given to a connection, by its caller or the Cluster; called again if it had to wait or is sent again. */
  sent(command: unknown, client: Client): void {
    try {
      if (isCommand(command)) this.#sent(command, client);
    } catch {
      // As above.
    }
  }

  #made(command: Command, pipeline: Pipeline): void {
    const known = command[TRACKED];
    // It has a new promise, with its own `resolve` and `reject`.
    if (known?.operation !== undefined) return settleWith(command, known.operation, known.batch);
    const batch = this.#batchOf(pipeline);
    const tracked: Tracked = { madeIn: undefined, operation: undefined, client: undefined, batch, isBeforeConnection: false };
    command[TRACKED] = tracked;
    if (batch.filledBy === undefined) tracked.madeIn = context.active();
    else this.#begin(command, batch.filledBy, tracked);
    if (batch.outcomes !== undefined && tracked.operation !== undefined) batch.begun.push(tracked.operation);
  }

  #given(command: Command, cluster: Client): void {
    const tracked = command[TRACKED];
    if (tracked?.operation === undefined) this.#begin(command, cluster, tracked).isBeforeConnection = tracked === undefined;
    else if (tracked.batch?.outcomes?.has(tracked.operation) === true)
      tracked.operation.retriedAfter(tracked.batch.outcomes.get(tracked.operation));
  }

  #sent(command: Command, client: Client): void {
    const tracked = command[TRACKED];
    if (tracked?.operation === undefined) {
      this.#begin(command, client, tracked);
      return;
    }
    if (tracked.client !== client || isPlaceChosen(client)) tracked.operation.sentTo(placeOf(client));
    if (!tracked.isBeforeConnection) return;
    tracked.isBeforeConnection = false;
    noteRetries(command, tracked.operation);
  }

  #begin(command: Command, client: Client, known: Tracked | undefined): Tracked {
    const isOwn = isOwnWork(client, command);
    const operation = this.#commands.begin(messageOf(client, command), isOwn || this.#isMeasuredOnly(), known?.madeIn);
    const tracked: Tracked = known ?? { madeIn: undefined, operation, client, batch: undefined, isBeforeConnection: false };
    if (known === undefined) command[TRACKED] = tracked;
    tracked.operation = operation;
    tracked.client = client;
    tracked.madeIn = undefined;
    settleWith(command, operation, tracked.batch, isOwn);
    return tracked;
  }

  #batchOf(pipeline: Pipeline): Batch {
    const known = this.#batches.get(pipeline);
    if (known !== undefined) return known;
    const { isCluster, redis } = pipeline;
    const outcomes = isCluster === true ? new Map<RedisOperation, unknown>() : undefined;
    // Clients mark the pipelines that they fill automatically, with symbols.
    const isAutomatic = Object.getOwnPropertySymbols(pipeline).length > 0 && typeof redis === 'object' && redis !== null;
    const batch: Batch = { filledBy: isAutomatic ? redis : undefined, outcomes, begun: [] };
    this.#batches.set(pipeline, batch);
    if (outcomes !== undefined) endWith(pipeline, batch);
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
    // Nobody made these commands, so no caller's operation has failed when the client can do without them.
    if (isOwn && isTolerated(command, error)) operation.drop();
    else if (outcomes === undefined) operation.end(error);
    else outcomes.set(operation, error);
    return reject(error);
  };
}

/** The caller gets all replies of a pipeline together. */
function endWith(pipeline: Pipeline, { outcomes, begun }: Batch): void {
  const { resolve, reject } = pipeline;
  pipeline.resolve = (results) => {
    for (const [operation, error] of outcomes ?? []) operation.end(error);
    outcomes?.clear();
    return resolve(results);
  };
  pipeline.reject = (error) => {
    for (const operation of begun) operation.end(error);
    return reject(error);
  };
}

/** A `reject` that does not end the command is the Cluster's, which sends it again, at once or after a delay. */
function noteRetries(command: Command, operation: RedisOperation): void {
  const { reject } = command;
  command.reject = (error) => {
    const answer = reject(error);
    if (!operation.isOver) operation.retriedAfter(error);
    return answer;
  };
}
