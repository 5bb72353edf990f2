import type { SettingMeta } from './setting.js';
import { environmentSchema } from './schema.js';

/** Documentation of one setting, read from the schema itself. */
export function settingMeta(key: string): SettingMeta {
  const schema = Object.entries(environmentSchema.shape).find(([name]) => name === key)?.[1];
  const meta = schema?.meta();
  const read = (name: string): string => {
    const value = meta?.[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    group: read('group'),
    unit: read('unit'),
    allowed: read('allowed'),
    default: read('default'),
    doc: read('doc'),
    secret: meta?.['secret'] === true,
  };
}
