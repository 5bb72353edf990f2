import { z } from 'zod';

/** The shape of successes of the tools for operators; see `../outputs.ts`. */

const success = z.literal(true);
const text = z.string();
const bytes = z.number().min(0);

const policy = z.looseObject({
  name: text,
  activeSessionTtl: z.number().describe('Hours'),
  archivedSessionTtl: z.number().describe('Days'),
  logRetentionDays: z.number(),
  metricsRetentionDays: z.number(),
  dormantThresholdHours: z.number(),
  updatedAt: text,
  updatedBy: text,
});

export const policiesOutput = z.looseObject({
  success,
  policies: z.array(policy),
  rules: z.array(z.looseObject({ id: text, policy: text })),
});

export const policyOutput = z.looseObject({ success, message: text, policy, sessionsChanged: z.int().min(0), pending: z.boolean() });

export const sessionChangeOutput = z.looseObject({ success, message: text, sessionId: text, sessionKey: text, changed: z.boolean() });

export const eraseOutput = z.looseObject({
  success,
  message: text,
  sessionId: text,
  deleted: z.looseObject({}),
  archiveCleared: z.boolean(),
  cacheCleared: z.boolean(),
});

export const storageOutput = z.looseObject({
  success,
  totalBytes: bytes,
  databaseBytes: bytes,
  limitBytes: bytes.nullable(),
  growthBytesPerDay: z.number().nullable(),
  daysLeft: z.number().nullable(),
  nearLimit: z.boolean(),
  suggestions: z.array(z.looseObject({ policy: text, setting: text, from: z.number(), to: z.number(), freesBytes: bytes, text })),
});
