/** What the migrations make, as far as statements rely on it: see schemaParts.ts. Written by `npm run schema:update`: do not edit. */
export const EXPECTED_SCHEMA = `
column alert_breaches: alert | expires_at | scope | server | threshold | value
column alert_states: alert | scope | started_at
column analytics_aggregations: aggregation_data | aggregation_type | created_at | dimension | dimension_value | granularity | id | sketches | time_bucket
column analytics_anomalies: detected_at | direction | end_cause | ended_at | evidence | expected | expected_high | expected_low | id | kind | observed | peak_at | score | severity | started_at | subject | traces
column analytics_detectors: judged_to | kind | last_bucket_at | state | subject
column analytics_facts: at | high | kind | labels | low | measure | n | session_id | slot | total
column analytics_late_rows: at | kind | noted_at
column analytics_watermarks: kind | late_rows | rolled_up_to | sealed_before | source_rows | updated_at
column archive_leftovers: given_up_at | location | noted_at | object_key | session_id | store
column codebase_snapshots: analysis_result | content | content_hash | created_at | file_path | id | session_id
column context_history: agent | content | content_size_bytes | context_type | created_at | id | metadata | processing_time_ms | sequence_number | session_id
column deletion_records: cause | deleted | deleted_at | deleted_by | id | retention_policy | session_id
column handoff_migrations: applied_at | checksum | name | version
column handoff_requests: answer | answered_at | answered_by | completed_at | created_at | delivered_at | id | request_data | request_type | requesting_agent | session_id | status | target_agent
column inbox_agents: agent | first_used_at | last_used_at
column job_settings: enabled | interval_ms | max_retries | name | retry_delay_ms | updated_at
column job_statistics: failed_runs | last_failure_at | last_run_at | last_success_at | name | successful_runs | total_duration_ms | total_runs
column performance_logs: created_at | duration_ms | id | metadata | operation | session_id | success
column retention_changes: after | before | changed_at | changed_by | id | subject | subject_id
column retention_policies: active_session_ttl_hours | archived_session_ttl_days | dormant_threshold_hours | log_retention_days | metrics_retention_days | name | updated_at | updated_by
column retention_rules: agent | created_at | id | metadata | policy | position | request_type
column session_archives: content_bytes | entry_count | facts | handoff_count | location | object_key | session_id | sha256 | snapshot_count | store | stored_bytes | written_at
column session_holds: placed_at | placed_by | reason | session_id
column session_lifecycle: created_at | event_data | event_type | id | session_id
column session_past_agents: agent | noted_at | session_created_at | session_id
column sessions: agent_from | agent_to | archived_at | created_at | dormancy_check_at | expires_at | id | is_dormant | last_activity_at | last_sequence_number | metadata | retention_policy | session_key | status | ttl_hours | updated_at
column sweep_positions: name | position | updated_at
column system_events: created_at | event_data | event_type | id | server | subject
column system_metrics: id | labels | metric_name | metric_type | metric_value | recorded_at
default alert_states: started_at
default analytics_aggregations: created_at | dimension | dimension_value | granularity | id
default analytics_anomalies: id | traces
default analytics_detectors: state
default analytics_late_rows: noted_at
default analytics_watermarks: late_rows | sealed_before | source_rows | updated_at
default archive_leftovers: given_up_at | noted_at
default codebase_snapshots: analysis_result | created_at | id
default context_history: created_at | id | metadata
default deletion_records: deleted | deleted_at | id
default handoff_migrations: applied_at
default handoff_requests: created_at | id | request_data | request_type | status
default inbox_agents: first_used_at | last_used_at
default job_settings: updated_at
default job_statistics: failed_runs | successful_runs | total_duration_ms | total_runs
default performance_logs: created_at | id | metadata
default retention_changes: changed_at | id
default retention_policies: updated_at | updated_by
default retention_rules: created_at | id
default session_archives: facts | written_at
default session_holds: placed_at
default session_lifecycle: created_at | event_data | id
default session_past_agents: noted_at
default sessions: created_at | dormancy_check_at | id | is_dormant | last_activity_at | last_sequence_number | metadata | retention_policy | status | ttl_hours | updated_at
default sweep_positions: updated_at
default system_events: created_at | event_data
default system_metrics: id | labels | recorded_at
function : handoff_create_monthly_partitions | handoff_create_partitions | handoff_delete_stray_rows | handoff_detach_expired_partition | handoff_drop_expired_partition | handoff_drop_restored_facts | handoff_entry_measures | handoff_event_measures | handoff_is_erasing | handoff_keep_entry_facts | handoff_keep_held_session | handoff_keep_request_facts | handoff_keep_session_facts | handoff_labels | handoff_microseconds | handoff_note_archive_leftover | handoff_note_late_decision | handoff_note_late_row | handoff_note_late_sample | handoff_note_other_policy | handoff_note_past_agent | handoff_note_reopened | handoff_participants | handoff_request_measures | handoff_rolled_up_before | handoff_seal_rollups | handoff_session_measures | handoff_set_updated_at | handoff_slot | handoff_time_ordered_id
key alert_breaches: alert, scope, server
key alert_states: alert, scope
key analytics_aggregations: aggregation_type, granularity, dimension, time_bucket, dimension_value | id
key analytics_anomalies: id | kind, subject where | kind, subject, detected_at
key analytics_detectors: kind, subject
key analytics_watermarks: kind
key archive_leftovers: object_key
key codebase_snapshots: id
key context_history: id | session_id, sequence_number
key deletion_records: id
key handoff_migrations: version
key handoff_requests: id
key inbox_agents: agent
key job_settings: name
key job_statistics: name
key performance_logs: id, created_at
key retention_changes: id
key retention_policies: name
key retention_rules: id
key session_archives: session_id
key session_holds: session_id
key session_lifecycle: id, created_at
key session_past_agents: session_id, agent
key sessions: id | session_key
key sweep_positions: name
key system_events: id
key system_metrics: id, recorded_at
table : alert_breaches | alert_states | analytics_aggregations | analytics_anomalies | analytics_detectors | analytics_facts | analytics_late_rows | analytics_watermarks | archive_leftovers | codebase_snapshots | context_history | deletion_records | handoff_migrations | handoff_requests | inbox_agents | job_settings | job_statistics | performance_logs | retention_changes | retention_policies | retention_rules | session_archives | session_holds | session_lifecycle | session_past_agents | sessions | sweep_positions | system_events | system_metrics
trigger context_history: handoff_entry_facts | handoff_late_row
trigger handoff_requests: handoff_late_change | handoff_late_decision | handoff_late_row | handoff_request_facts
trigger performance_logs: handoff_late_row
trigger session_archives: handoff_session_archives_leftover
trigger session_lifecycle: handoff_late_row
trigger sessions: handoff_late_row | handoff_other_policy | handoff_reopened | handoff_restored_facts | handoff_sessions_hold | handoff_sessions_past_agent | handoff_sessions_rollup | handoff_sessions_updated_at
trigger system_metrics: handoff_late_row
view : analytics_buckets | performance_monitoring_view | session_monitoring_view | session_retention_view
`;
