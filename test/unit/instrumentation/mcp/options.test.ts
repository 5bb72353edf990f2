import { describe, expect, it } from 'vitest';
import { isChatty, resolveMcpOptions } from '../../../../src/instrumentation/mcp/options.js';
import type { McpOptions } from '../../../../src/instrumentation/mcp/options.js';

describe('MCP options', () => {
  it('default to everything but content', () => {
    const settings = resolveMcpOptions({});
    expect(settings.modeOf('ping')).toBe('full');
    expect(settings).toMatchObject({
      off: false,
      progressSpans: false,
      resourceUriInName: false,
      findConversation: undefined,
      network: undefined,
    });
    expect(settings.trust).toEqual({
      local: { remoteParent: 'parent', baggageKeys: 'all' },
      network: { remoteParent: 'parent', baggageKeys: undefined },
    });
  });

  it('trust peers near and far alike where they say so', () => {
    const allowed = { remoteParent: 'link', baggageKeys: new Set(['a']) };
    expect(resolveMcpOptions({ remoteParent: 'link', baggageKeys: ['a'] }).trust).toEqual({ local: allowed, network: allowed });
    expect(resolveMcpOptions({ baggageKeys: 'all' }).trust.network.baggageKeys).toBe('all');
  });

  it('that are undefined for one server leave those of the process as they are', () => {
    const base = { remoteParent: 'link', mode: 'propagation-only', baggageKeys: ['a'] } as const;
    // What hosts without `exactOptionalPropertyTypes` write: `{ remoteParent: config.remoteParent }`.
    const given = { remoteParent: undefined, mode: undefined, baggageKeys: undefined } as unknown as McpOptions;
    const settings = resolveMcpOptions(given, base);
    expect(settings.trust.network).toEqual({ remoteParent: 'link', baggageKeys: new Set(['a']) });
    expect(settings.modeOf('ping')).toBe('propagation-only');
  });

  it('are off when the mode is, unless some method is not', () => {
    expect(resolveMcpOptions({ mode: 'off' }).off).toBe(true);
    expect(resolveMcpOptions({ mode: 'off', methods: { ping: 'full' } }).off).toBe(false);
    expect(resolveMcpOptions({ methods: { ping: 'off' } })).toMatchObject({ off: false, sessions: true });
    expect(resolveMcpOptions({ mode: 'propagation-only', methods: { ping: 'full' } }).sessions).toBe(false);
  });

  it('have modes by method, those of Object.prototype not among them', () => {
    const { modeOf } = resolveMcpOptions({ mode: 'propagation-only', methods: { ping: 'off' } });
    expect([modeOf('ping'), modeOf('tools/call'), modeOf('constructor')]).toEqual(['off', 'propagation-only', 'propagation-only']);
  });

  it('of one server win over those of all, one by one', () => {
    const settings = resolveMcpOptions({ resourceUriInName: true }, { resourceUriInName: false, spans: { progress: true } });
    expect(settings).toMatchObject({ resourceUriInName: true, progressSpans: true });
  });

  it('call two notifications chatty', () => {
    expect(['notifications/progress', 'notifications/message', 'notifications/cancelled', 'ping'].map(isChatty)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
