import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/errors/configError.js';
import { resolveConfig } from '../../../../src/handoff/config/resolve.js';

const read = (env: Record<string, string>) => resolveConfig({ HOME: '/home/ada', ...env });

describe('LOG_LEVEL', () => {
  it.each(['error', 'warn', 'info', 'debug'])('is HANDOFF_LOG_LEVEL when that is not set: %s', (level) => {
    expect(read({ LOG_LEVEL: level }).settings.HANDOFF_LOG_LEVEL).toBe(level);
    expect(read({ LOG_LEVEL: level.toUpperCase(), HANDOFF_LOG_LEVEL: '' }).settings.HANDOFF_LOG_LEVEL).toBe(level);
  });

  it('gives way to HANDOFF_LOG_LEVEL, and a warning says so where they differ', () => {
    const both = read({ LOG_LEVEL: 'debug', HANDOFF_LOG_LEVEL: 'error' });
    expect(both.settings.HANDOFF_LOG_LEVEL).toBe('error');
    expect(both.warnings).toEqual(['HANDOFF_LOG_LEVEL is used. LOG_LEVEL differs from it and has no effect.']);
    expect(read({ LOG_LEVEL: 'WARN', HANDOFF_LOG_LEVEL: 'warn' }).warnings).toEqual([]);
    expect(read({ LOG_LEVEL: 'verbose', HANDOFF_LOG_LEVEL: 'warn' }).settings.HANDOFF_LOG_LEVEL).toBe('warn');
  });

  it('is refused when it is not a level', () => {
    expect(() => read({ LOG_LEVEL: 'loud' })).toThrow(ConfigError);
    expect(() => read({ LOG_LEVEL: 'loud' })).toThrow(/LOG_LEVEL: "loud" was given, but it must be one of trace, debug, info/);
  });

  it('counts as not set when it is empty', () => {
    expect(read({ LOG_LEVEL: '' })).toMatchObject({ settings: { HANDOFF_LOG_LEVEL: 'info' }, warnings: [] });
  });
});

describe('MCP_SERVER_NAME and MCP_SERVER_VERSION', () => {
  it('have the defaults of the earlier name and of this package', () => {
    expect(read({}).settings).toMatchObject({ MCP_SERVER_NAME: 'ai-handoff-mcp', MCP_SERVER_VERSION: undefined });
    expect(read({ MCP_SERVER_NAME: '', MCP_SERVER_VERSION: ' ' }).settings.MCP_SERVER_NAME).toBe('ai-handoff-mcp');
  });

  it('are taken as they are', () => {
    expect(read({ MCP_SERVER_NAME: 'Übergabe 2', MCP_SERVER_VERSION: '2.1.0-rc.1' }).settings).toMatchObject({
      MCP_SERVER_NAME: 'Übergabe 2',
      MCP_SERVER_VERSION: '2.1.0-rc.1',
    });
    expect(() => read({ MCP_SERVER_NAME: 'x'.repeat(129) })).toThrow(/MCP_SERVER_NAME: .* must be text of 1 to 128 characters/);
  });
});

it('names that had no effect have none', () => {
  const env = { PORT: '3000', REDIS_HOST: 'h', REDIS_PORT: '6379', NODE_ENV: 'anything', SESSION_SECRET: 's', JWT_SECRET: 'j' };
  expect(read(env)).toEqual(read({}));
});
