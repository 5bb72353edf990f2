import { styleText } from 'node:util';

/** What a piece of text means; the painter decides how that looks. */
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

/** A painter that colours, or one that leaves text as it is. Whether stdout is a terminal is the caller's to know. */
export function painter(colour: boolean): Paint {
  if (!colour) return (_role, text) => text;
  return (role, text) => (text === '' ? '' : styleText(STYLES[role], text, { validateStream: false }));
}
