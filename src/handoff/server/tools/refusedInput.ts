import { serverEvents } from '../../../telemetry/catalogue/server.js';
import type { Log } from '../../../telemetry/log.js';
import { ATTR_EVENT_NAME, ATTR_GEN_AI_TOOL_NAME, ATTR_HANDOFF_SESSION_KEY } from '../../../telemetry/semconv.js';
import { isMapping } from '../../../values/guards.js';
import type { OnRefusedInput } from '../admit.js';
import { sessionKey as sessionKeySchema } from './arguments.js';

/** Writes a record of each. It repeats no value but a valid session key. */
export function refusedInputTo(log: Log): OnRefusedInput {
  return (tool, args, argumentNames) => {
    const key = sessionKeySchema.safeParse(isMapping(args) ? args['sessionKey'] : undefined);
    log.info(
      {
        [ATTR_EVENT_NAME]: serverEvents.inputRefused.name,
        [ATTR_GEN_AI_TOOL_NAME]: tool,
        ...(key.success ? { [ATTR_HANDOFF_SESSION_KEY]: key.data } : {}),
        success: false,
        argumentNames,
      },
      'the arguments of a call are invalid',
    );
  };
}
