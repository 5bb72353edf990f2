import { describe, expect, it } from 'vitest';
import { TargetNames } from '../../../../../src/instrumentation/mcp/message/targetNames.js';

const none = (): { tool: Set<string>; prompt: Set<string> } => ({ tool: new Set(), prompt: new Set() });

describe("the server's own names", () => {
  it('are those in its registry, not those of Object.prototype', () => {
    const names = new TargetNames({ _registeredTools: { echo: {} }, _registeredPrompts: { greet: {} } }, none());
    expect([
      names.has('tool', 'echo'),
      names.has('tool', 'constructor'),
      names.has('tool', '__proto__'),
      names.has('prompt', 'echo'),
      names.has('prompt', 'greet'),
    ]).toEqual([true, false, false, false, true]);
  });

  it('are read live: a tool that was removed is none any more', () => {
    const tools: Record<string, object> = { echo: {} };
    const names = new TargetNames({ _registeredTools: tools }, none());
    delete tools['echo'];
    tools['late'] = {};
    expect([names.has('tool', 'echo'), names.has('tool', 'late')]).toEqual([false, true]);
  });

  it('are learnt from listings where there is no registry, up to a bound', () => {
    const names = new TargetNames({}, none());
    names.learn('tool', { tools: [{ name: 'a' }, { name: 7 }, null] });
    names.learn('tool', { tools: 'none' });
    names.learn('prompt', undefined);
    expect([names.has('tool', 'a'), names.has('prompt', 'a')]).toEqual([true, false]);
    names.learn('tool', { tools: Array.from({ length: 5000 }, (_, index) => ({ name: `n${String(index)}` })) });
    expect([names.has('tool', 'n998'), names.has('tool', 'n999')]).toEqual([true, false]);
  });

  it('are learnt where the registry is empty, and neither learnt nor taken from others where it is not', () => {
    const listed = none();
    const tools: Record<string, object> = {};
    const names = new TargetNames({ _registeredTools: tools }, listed);
    names.learn('tool', { tools: [{ name: 'a' }] });
    expect(names.has('tool', 'a')).toBe(true);
    tools['own'] = {};
    names.learn('tool', { tools: [{ name: 'b' }] });
    expect([names.has('tool', 'own'), names.has('tool', 'a'), names.has('tool', 'b'), listed.tool.has('b')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("lead to the tool's entry, if it is one", () => {
    const entry = {};
    const names = new TargetNames({ _registeredTools: { echo: entry, odd: 7 } }, none());
    expect(names.toolEntry('echo')).toBe(entry);
    expect([names.toolEntry('odd'), names.toolEntry('constructor'), new TargetNames(7, none()).toolEntry('echo')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(names.toolEntries()).toEqual([entry, 7]);
  });
});
