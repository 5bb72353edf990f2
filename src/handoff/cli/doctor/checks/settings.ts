import { closestName } from '../probes/closestName.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';

export const valuesCheck: Check = {
  name: 'settings.values',
  group: 'settings',
  looksWhether: 'each variable of the server has a value that it accepts',
  limitMs: 1000,
  run: async ({ read: { problems } }) =>
    problems.length === 0
      ? [fine('Each variable of the server that is set has a usable value.')]
      : problems.map(({ key, given, allowed }) => failure(`${key}: ${given} was given.`, `Set ${key} to ${allowed}.`)),
};

export const unknownCheck: Check = {
  name: 'settings.unknown',
  group: 'settings',
  looksWhether: 'variables are misspelt: they start with `HANDOFF_` but are not settings, or their name is nearly that of a setting',
  limitMs: 1000,
  run: async ({ env, read: { unknownKeys } }) => {
    const nearly = Object.keys(env).filter((name) => !/^(?:HANDOFF|OTEL)_/.test(name) && closestName(name, 'strict') !== undefined);
    if (unknownKeys.length + nearly.length === 0) return [fine('No variable seems to be misspelt.')];
    return [
      ...unknownKeys.map((name) => {
        const close = closestName(name);
        return warning(
          `${name} is not a setting and has no effect.`,
          close === undefined ? `Remove it; docs/configuration.md lists all settings.` : `Did you mean ${close}?`,
        );
      }),
      ...nearly.map((name) => warning(`${name} has no effect here.`, `Did you mean ${closestName(name, 'strict') ?? ''}?`)),
    ];
  },
};

export const contradictionsCheck: Check = {
  name: 'settings.contradictions',
  group: 'settings',
  looksWhether: 'settings contradict each other, so that some have no effect',
  limitMs: 1000,
  run: async ({ read: { warnings } }) =>
    warnings.length === 0
      ? [fine('No setting contradicts another.')]
      : warnings.map((sentence) => warning(sentence, 'Remove what has no effect, or what overrules it.')),
};
