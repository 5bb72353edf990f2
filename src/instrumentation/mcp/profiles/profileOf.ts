import { stringProperty } from '../shapes.js';
import { targetKindOf } from './profile.js';
import type { Profile, ProfileSet } from './profile.js';
import type { TargetNames } from '../message/targetNames.js';

/** Returns the profile of one message. */
export function profileOf(set: ProfileSet, method: string, params: unknown, names: TargetNames): Profile {
  const target = targetKindOf(method);
  const name = target === undefined ? undefined : stringProperty(params, 'name');
  return target === undefined || name === undefined ? set.plain(method) : set.named(method, target, name, names);
}
