import { expectTypeOf, it } from 'vitest';
import type { MonitoringService } from '../../../../src/handoff/monitoring/monitoringService.js';
import type {
  ComponentHealth,
  HandoffMetrics,
  HealthStatus,
  PerformanceMetrics,
  SystemMetrics,
} from '../../../../src/handoff/monitoring/types.js';
import type { HandoffServices } from '../../../../src/handoff/services.js';

/** The interface that the services were designed with, and the fields of what it names. What may not be measured may be absent. */
interface DesignedMonitoring {
  getSystemHealth(): Promise<HealthStatus>;
  checkDatabaseHealth(): Promise<ComponentHealth>;
  checkRedisHealth(): Promise<ComponentHealth>;
  recordToolCall(toolName: string, duration: number, success: boolean): void;
  recordHandoffMetrics(sessionId: string, metrics: HandoffMetrics): void;
  recordPerformanceMetrics(operation: string, metrics: PerformanceMetrics): void;
  getPrometheusMetrics(): string;
  getSystemMetrics(): SystemMetrics;
}

interface DesignedComponent {
  status: 'healthy' | 'degraded' | 'unhealthy';
  responseTime: number;
  lastCheck: Date;
  error?: string;
  details?: object;
}

interface DesignedHealth {
  overall: 'healthy' | 'degraded' | 'unhealthy';
  components: { database: DesignedComponent; redis: DesignedComponent; system: DesignedComponent };
  timestamp: Date;
  uptime: number;
}

interface DesignedHandoff {
  sessionId: string;
  agentFrom: string;
  agentTo: string;
  duration: number;
  success: boolean;
  contextSize?: number;
  errorType?: string;
}

interface DesignedPerformance {
  operation: string;
  duration: number;
  success: boolean;
  memoryUsage?: number;
  cpuUsage?: number;
  metadata?: Record<string, unknown>;
}

interface DesignedSystem {
  timestamp: Date;
  memory: { used: number; total: number; percentage: number };
  cpu: { usage?: number };
  database: { activeConnections: number; queryCount?: number; avgResponseTime?: number };
  redis: { connected?: boolean; memoryUsage?: number; keyCount?: number };
  sessions: { active?: number; dormant?: number; archived?: number };
}

it('the monitoring service is the designed one, name for name', () => {
  expectTypeOf<keyof MonitoringService>().toEqualTypeOf<keyof DesignedMonitoring>();
  expectTypeOf<MonitoringService>().toExtend<DesignedMonitoring>();
  expectTypeOf<HandoffServices['monitoring']>().toExtend<DesignedMonitoring>();
  type Designed<Name extends keyof DesignedMonitoring> = Parameters<DesignedMonitoring[Name]>;
  type Ours<Name extends keyof DesignedMonitoring> = Parameters<MonitoringService[Name]>;
  expectTypeOf<{ [Name in keyof DesignedMonitoring]: Ours<Name> }>().toEqualTypeOf<{
    [Name in keyof DesignedMonitoring]: Designed<Name>;
  }>();
});

it('what it returns and takes has the designed fields', () => {
  expectTypeOf<HealthStatus>().toExtend<DesignedHealth>();
  expectTypeOf<ComponentHealth>().toExtend<DesignedComponent>();
  expectTypeOf<SystemMetrics>().toExtend<DesignedSystem>();
  expectTypeOf<DesignedHandoff>().toExtend<HandoffMetrics>();
  expectTypeOf<DesignedPerformance>().toExtend<PerformanceMetrics>();
});
