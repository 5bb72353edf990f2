import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { OpenStreams } from '../../../../../src/handoff/server/subscriptions/openStreams.js';

it('ends the subscriptions that have begun and are still open, and no other answer', () => {
  const streams = new OpenStreams();
  const ended: string[] = [];
  const note = (name: string, method: string, headersSent: boolean): EventEmitter => {
    const response = Object.assign(new EventEmitter(), { headersSent, end: () => ended.push(name) });
    const request = { headers: { 'mcp-method': method } };
    streams.note(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    return response;
  };
  note('open', 'subscriptions/listen', true);
  note('not begun', 'subscriptions/listen', false);
  note('closed', 'subscriptions/listen', true).emit('close');
  note('call', 'tools/call', true);
  streams.end();
  expect(ended).toEqual(['open']);
});
