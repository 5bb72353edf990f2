import { ATTR_MCP_SESSION_ID } from '../../../telemetry/semconv.js';
import type { Operation } from '../emission/operation.js';
import type { Direction } from '../message/direction.js';
import { isRecord } from '../../../values/guards.js';
import { stringProperty } from '../shapes.js';
import type { ResponseMessage } from '../shapes.js';
import type { Connection } from './connection.js';

/** Learns from a successful response what describes later messages: versions, listed names, tasks and rounds to link to. */
export function learnFromAnswer(connection: Connection, direction: Direction, operation: Operation, { result }: ResponseMessage): void {
  if (!isRecord(result)) return;
  const { method, span } = operation.parts;
  const { resultType } = result;
  if (resultType === 'complete' || resultType === 'input_required') operation.resultType = resultType;
  switch (method) {
    case 'tools/list':
      connection.names.learn('tool', result);
      return;
    case 'prompts/list':
      connection.names.learn('prompt', result);
      return;
    case 'initialize': {
      const version = stringProperty(result, 'protocolVersion');
      if (version !== undefined) operation.setProtocolVersion(connection.negotiated(version));
      // It arrives with the response, so the client's request span could not have it yet.
      if (direction === 'sent' && connection.sessionId !== undefined) span?.setAttribute(ATTR_MCP_SESSION_ID, connection.sessionId);
      return;
    }
    default:
      if (resultType !== undefined || result['task'] !== undefined)
        connection.scope.shared.continuations.answered(direction, method, result, span);
  }
}
