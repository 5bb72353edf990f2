import { styleText } from 'node:util';

/** The role of a piece of text; the painter decides how it looks. */
export type Role = 'faint' | 'strong' | 'error' | 'warning' | 'process0' | 'process1' | 'process2' | 'process3' | 'process4';
export type Paint = (role: Role, text: string) => string;

const STYLES = {
  faint: 'dim',
  strong: 'bold',
  error: 'redBright',
  warning: 'yellow',
  process0: 'cyan',
  process1: 'magenta',
  process2: 'green',
  process3: 'blue',
  process4: 'yellow',
} as const satisfies Record<Role, Parameters<typeof styleText>[0]>;

/** Returns a painter that adds colour, or one that leaves text unchanged. The caller knows whether stdout is a terminal. */
export function painter(colour: boolean): Paint {
  if (!colour) return (_role, text) => text;
  return (role, text) => (text === '' ? '' : styleText(STYLES[role], text, { validateStream: false }));
}
