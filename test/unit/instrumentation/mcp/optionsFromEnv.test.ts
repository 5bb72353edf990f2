import { expect, it } from 'vitest';
import { mcpOptionsFromEnv } from '../../../../src/instrumentation/mcp/optionsFromEnv.js';

function read(env: Record<string, string>): { readonly options: unknown; readonly notices: string[] } {
  const notices: string[] = [];
  return { options: mcpOptionsFromEnv(env, (notice) => notices.push(notice)), notices };
}

it('takes every option an operator may set', () => {
  expect(
    read({
      HANDOFF_MCP_MODE: 'Propagation-Only',
      HANDOFF_MCP_METHODS: 'ping=off, tools/list = full',
      HANDOFF_MCP_REMOTE_PARENT: 'link',
      HANDOFF_MCP_BAGGAGE_KEYS: 'tenant, user.tier',
      HANDOFF_MCP_CAPTURE: 'arguments,prompt-variables',
      HANDOFF_MCP_DISCOVER: '0',
    }),
  ).toEqual({
    options: {
      mode: 'propagation-only',
      methods: { ping: 'off', 'tools/list': 'full' },
      remoteParent: 'link',
      baggageKeys: ['tenant', 'user.tier'],
      capture: { arguments: true, promptVariables: true },
      discover: false,
    },
    notices: [],
  });
  expect(read({ HANDOFF_MCP_BAGGAGE_KEYS: '*' }).options).toEqual({ baggageKeys: 'all' });
});

it('is empty when nothing is set, or set to blanks', () => {
  expect(read({})).toEqual({ options: {}, notices: [] });
  expect(read({ HANDOFF_MCP_MODE: '  ', HANDOFF_MCP_METHODS: '' })).toEqual({ options: {}, notices: [] });
});

it('leaves out what it does not understand, and says so', () => {
  const { options, notices } = read({
    HANDOFF_MCP_MODE: 'loud',
    HANDOFF_MCP_METHODS: 'ping=maybe,=off,tools/call=off',
    HANDOFF_MCP_CAPTURE: 'everything,constructor,sizes',
  });
  expect(options).toEqual({ methods: { 'tools/call': 'off' }, capture: { sizes: true } });
  expect(notices.toSorted()).toEqual([
    'HANDOFF_MCP_CAPTURE: "constructor" must be one of arguments, results, prompt-variables, sizes, error-messages. It is ignored.',
    'HANDOFF_MCP_CAPTURE: "everything" must be one of arguments, results, prompt-variables, sizes, error-messages. It is ignored.',
    'HANDOFF_MCP_METHODS: "=off" must be name=word, where word is one of full, propagation-only, off. It is ignored.',
    'HANDOFF_MCP_METHODS: "ping=maybe" must be name=word, where word is one of full, propagation-only, off. It is ignored.',
    'HANDOFF_MCP_MODE: "loud" must be one of full, propagation-only, off. The default, full, is used.',
  ]);
});
