"""Metrics for Prometheus: /metrics on a separate port, METRICS_PORT.

http_request_duration_seconds        by method, route and status. Its `_count` is the
                                     number of requests. Probes are not counted.
themis_notifications_created_total   created by any process, as counted by the database.
"""
