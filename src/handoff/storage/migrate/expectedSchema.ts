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
type alert_breaches: alert character varying(100) | expires_at timestamp with time zone | scope character varying(255) | server character varying(255) | threshold double precision | value double precision
type alert_states: alert character varying(100) | scope character varying(255) | started_at timestamp with time zone
type analytics_aggregations: aggregation_data jsonb | aggregation_type character varying(50) | created_at timestamp with time zone | dimension character varying(30) | dimension_value character varying(255) | granularity character varying(10) | id uuid | sketches jsonb | time_bucket timestamp with time zone
type analytics_anomalies: detected_at timestamp with time zone | direction character varying(10) | end_cause character varying(20) | ended_at timestamp with time zone | evidence jsonb | expected double precision | expected_high double precision | expected_low double precision | id uuid | kind character varying(50) | observed double precision | peak_at timestamp with time zone | score double precision | severity character varying(10) | started_at timestamp with time zone | subject character varying(100) | traces text[]
type analytics_detectors: judged_to timestamp with time zone | kind character varying(50) | last_bucket_at timestamp with time zone | state bytea | subject character varying(100)
type analytics_facts: at timestamp with time zone | high double precision | kind character varying(50) | labels jsonb | low double precision | measure character varying(30) | n bigint | session_id uuid | slot integer | total double precision
type analytics_late_rows: at timestamp with time zone | kind character varying(50) | noted_at timestamp with time zone
type analytics_watermarks: kind character varying(50) | late_rows bigint | rolled_up_to timestamp with time zone | sealed_before timestamp with time zone | source_rows bigint | updated_at timestamp with time zone
type archive_leftovers: given_up_at timestamp with time zone | location text | noted_at timestamp with time zone | object_key character varying(255) | session_id uuid | store character varying(20)
type codebase_snapshots: analysis_result jsonb | content text | content_hash character varying(64) | created_at timestamp with time zone | file_path character varying(500) | id uuid | session_id uuid
type context_history: agent character varying(100) | content text | content_size_bytes integer | context_type character varying(50) | created_at timestamp with time zone | id uuid | metadata jsonb | processing_time_ms double precision | sequence_number integer | session_id uuid
type deletion_records: cause character varying(20) | deleted jsonb | deleted_at timestamp with time zone | deleted_by character varying(100) | id bigint | retention_policy character varying(50) | session_id uuid
type handoff_migrations: applied_at timestamp with time zone | checksum text | name text | version integer
type handoff_requests: answer jsonb | answered_at timestamp with time zone | answered_by character varying(100) | completed_at timestamp with time zone | created_at timestamp with time zone | delivered_at timestamp with time zone | id uuid | request_data jsonb | request_type character varying(50) | requesting_agent character varying(100) | session_id uuid | status character varying(50) | target_agent character varying(100)
type inbox_agents: agent character varying(100) | first_used_at timestamp with time zone | last_used_at timestamp with time zone
type job_settings: enabled boolean | interval_ms bigint | max_retries integer | name character varying(100) | retry_delay_ms bigint | updated_at timestamp with time zone
type job_statistics: failed_runs bigint | last_failure_at timestamp with time zone | last_run_at timestamp with time zone | last_success_at timestamp with time zone | name character varying(100) | successful_runs bigint | total_duration_ms double precision | total_runs bigint
type performance_logs: created_at timestamp with time zone | duration_ms double precision | id uuid | metadata jsonb | operation character varying(100) | session_id uuid | success boolean
type retention_changes: after jsonb | before jsonb | changed_at timestamp with time zone | changed_by character varying(100) | id bigint | subject character varying(20) | subject_id character varying(255)
type retention_policies: active_session_ttl_hours double precision | archived_session_ttl_days double precision | dormant_threshold_hours double precision | log_retention_days double precision | metrics_retention_days double precision | name character varying(50) | updated_at timestamp with time zone | updated_by character varying(100)
type retention_rules: agent character varying(100) | created_at timestamp with time zone | id bigint | metadata jsonb | policy character varying(50) | position integer | request_type character varying(50)
type session_archives: content_bytes bigint | entry_count integer | facts jsonb | handoff_count integer | location text | object_key character varying(255) | session_id uuid | sha256 text | snapshot_count integer | store character varying(20) | stored_bytes bigint | written_at timestamp with time zone
type session_holds: placed_at timestamp with time zone | placed_by character varying(100) | reason text | session_id uuid
type session_lifecycle: created_at timestamp with time zone | event_data jsonb | event_type character varying(50) | id uuid | session_id uuid
type session_past_agents: agent character varying(100) | noted_at timestamp with time zone | session_created_at timestamp with time zone | session_id uuid
type sessions: agent_from character varying(100) | agent_to character varying(100) | archived_at timestamp with time zone | created_at timestamp with time zone | dormancy_check_at timestamp with time zone | expires_at timestamp with time zone | id uuid | is_dormant boolean | last_activity_at timestamp with time zone | last_sequence_number integer | metadata jsonb | retention_policy character varying(50) | session_key character varying(255) | status character varying(50) | ttl_hours double precision | updated_at timestamp with time zone
type sweep_positions: name character varying(100) | position text | updated_at timestamp with time zone
type system_events: created_at timestamp with time zone | event_data jsonb | event_type character varying(50) | id uuid | server character varying(255) | subject character varying(100)
type system_metrics: id uuid | labels jsonb | metric_name character varying(100) | metric_type character varying(50) | metric_value numeric | recorded_at timestamp with time zone
view : analytics_buckets | performance_monitoring_view | session_monitoring_view | session_retention_view
`;
