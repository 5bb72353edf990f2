import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { RedisCommands } from './redisCommands.js';
import type { RedisOperation } from './redisOperation.js';
import { isOwnWork, isTolerated } from './redisOwnWork.js';
import { isPlaceChosen, placeOf } from './redisPlace.js';
import { isCommand } from './redisTypes.js';
import type { Client, Command as AnyCommand, Pipeline } from './redisTypes.js';

/** What is told of a command before it is given to a connection, if it takes such a way. Throws nothing. */
export interface RedisWatch {
  /** It was made, for a pipeline. A Cluster's pipeline that is sent again tells so of all its commands. */
  made(command: unknown, pipeline: Pipeline): void;
  /** It was given to a Cluster. */
  given(command: unknown, cluster: Client): void;
}

interface Tracked {
  /** Of a pipeline that the host sends: the context it was made in, until it is sent. */
  madeIn: Context | undefined;
  operation: RedisOperation | undefined;
  /** Who had it first. */
  client: Client | undefined;
  readonly batch: Batch | undefined;
  /** Whether a Cluster has it, and no connection has had it yet. */
  isBeforeConnection: boolean;
}

/** On the command itself: in a map beside it, what is known of a command costs as much again as all the rest of a measurement. */
const TRACKED = Symbol('handoff-otel: what is known of this command');

type Command = AnyCommand & { [TRACKED]?: Tracked };

/** A pipeline. */
interface Batch {
  /** The client that fills and sends it by itself, whose commands are on their way as soon as they are made. */
  readonly filledBy: Client | undefined;
  /** Of a Cluster's: what became of its commands, until it is known whether it sends them all again. Others' end each for itself. */
  readonly outcomes: Map<RedisOperation, unknown> | undefined;
  /** Of a Cluster's: commands that are on their way already. If it refuses the pipeline, none of them is ever sent. */
  readonly begun: RedisOperation[];
}

/**
 * Follows each command from where it is made to where its caller gets the reply. Not by its promise: whoever looks at that hides
 * from the host that nobody handles a rejection. A Cluster puts its own `reject` over the one that is there when it is given a
 * command, and calls that only when it gives up, so ours must be in place before; then a command that is redirected ends once.
 */
export class RedisTracking implements RedisWatch {
  readonly #commands: RedisCommands;
  readonly #isMeasuredOnly: () => boolean;
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
    const known = command[TRACKED];
    // It has a new promise, with a `resolve` and a `reject` of its own.
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
    // Clients mark the pipelines that they fill by themselves, with symbols.
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
    // Nobody made these commands, so nobody's call has failed when the client gets along without.
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

/** A `reject` that does not end the command is the Cluster's, which sends it again, at once or after a while. */
function noteRetries(command: Command, operation: RedisOperation): void {
  const { reject } = command;
  command.reject = (error) => {
    const answer = reject(error);
    if (!operation.isOver) operation.retriedAfter(error);
    return answer;
  };
}
