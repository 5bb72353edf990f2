import type { ComponentHealth, HandoffMetrics, HealthStatus, PerformanceMetrics, SystemMetrics } from './types.js';

/** How the server is, what it measures, and where a host adds what it has measured itself. */
export interface MonitoringService {
  /**
   * How every part is, from the results that the checks keep: at once, or within the time limit of a check for parts that were never
   * looked at. Never rejects because a part is not well.
   */
  getSystemHealth(): Promise<HealthStatus>;
  /** The database as it is now; a check of the last second is good enough. */
  checkDatabaseHealth(): Promise<ComponentHealth>;
  /** The same for Redis. Without Redis it is healthy, for the reason `in_process`. */
  checkRedisHealth(): Promise<ComponentHealth>;

  /**
   * Records a tool call that the host has answered by itself, in `mcp.server.operation.duration`. Not for servers that `instrument()`
   * measures: their calls would count twice. None of the three methods throws, whatever it is given.
   *
   * @param duration in milliseconds
   */
  recordToolCall(toolName: string, duration: number, success: boolean): void;
  /** Records a handoff that the host has carried out by itself, in the metrics of our own handoffs. Ids and agents are in no metric. */
  recordHandoffMetrics(sessionId: string, metrics: HandoffMetrics): void;
  /** Records one run of an operation in `handoff.operation.duration`; a name that is not of the catalogue counts as `_OTHER`. */
  recordPerformanceMetrics(operation: string, metrics: PerformanceMetrics): void;

  /**
   * All metrics of the process in the Prometheus text format, as they were last collected: at most one interval ago. The first line is a
   * comment with their age. Empty but for that comment where nothing was collected yet, or nobody can collect.
   */
  getPrometheusMetrics(): string;
  /** What the process takes and holds, as last sampled: at most one interval ago. */
  getSystemMetrics(): SystemMetrics;
}
