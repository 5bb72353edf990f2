import { REDIS_COMMANDS } from './redisCommandNames.js';

/** The command's name in capitals if Redis or one of its modules lists it, else `OTHER`: `redis.call(name)` accepts any text. */
export function redisVerb(command: string): string {
  const name = command.toUpperCase();
  return REDIS_COMMANDS.has(name) ? name : 'OTHER';
}

/** `db.query.text` of a command: keys, members, scripts and values are all the caller's content, so only their presence is shown. */
export function redisText(verb: string, argumentCount: number): string {
  return argumentCount > 0 ? `${verb} ?` : verb;
}
