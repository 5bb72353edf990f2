import { expectTypeOf, it } from 'vitest';
import type { SessionManagerService } from '../../../../src/handoff/lifecycle/sessionManager.js';
import type { RetentionPolicy } from '../../../../src/handoff/retention/retentionPolicy.js';
import type { HandoffServices } from '../../../../src/handoff/services.js';

/** The interface that the services were designed with, written out. */
interface DesignedPolicy {
  name: string;
  activeSessionTtl: number;
  archivedSessionTtl: number;
  logRetentionDays: number;
  metricsRetentionDays: number;
}

interface DesignedSessionManager {
  scheduleExpiration(sessionId: string, expiresAt: Date): Promise<void>;
  expireSession(sessionId: string): Promise<void>;
  archiveSession(sessionId: string): Promise<void>;
  cleanupOrphanedSessions(): Promise<number>;
  markSessionDormant(sessionId: string): Promise<void>;
  reactivateSession(sessionId: string): Promise<void>;
  updateRetentionPolicy(policy: DesignedPolicy): Promise<void>;
}

it('the session manager is the designed one, name for name', () => {
  expectTypeOf<keyof SessionManagerService<RetentionPolicy>>().toEqualTypeOf<keyof DesignedSessionManager>();
  expectTypeOf<SessionManagerService<RetentionPolicy>>().toExtend<DesignedSessionManager>();
  expectTypeOf<HandoffServices['lifecycle']>().toExtend<DesignedSessionManager>();
  type Parameters1<Name extends keyof DesignedSessionManager> = Parameters<DesignedSessionManager[Name]>;
  type Parameters2<Name extends keyof DesignedSessionManager> = Parameters<SessionManagerService<DesignedPolicy>[Name]>;
  expectTypeOf<{ [Name in keyof DesignedSessionManager]: Parameters1<Name> }>().toEqualTypeOf<{
    [Name in keyof DesignedSessionManager]: Parameters2<Name>;
  }>();
  expectTypeOf<{ [Name in keyof DesignedSessionManager]: ReturnType<DesignedSessionManager[Name]> }>().toEqualTypeOf<{
    [Name in keyof DesignedSessionManager]: ReturnType<SessionManagerService<DesignedPolicy>[Name]>;
  }>();
});
