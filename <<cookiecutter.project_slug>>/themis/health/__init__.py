"""Probes: is the process alive, can it serve requests, and how is it doing?

    GET /livez     200 while the process answers at all. Checks nothing else.
    GET /readyz    200 while requests may be sent here, 503 otherwise.
    GET /healthz/  the report, for staff or with the token of THEMIS_HEALTH_TOKEN.

A liveness probe that queries the database would restart every pod in an outage.
"""

from themis.health.checks import HealthCheckError, check_cache, check_database
from themis.health.middleware import HealthMiddleware
from themis.health.probes import drain
from themis.health.report import health

__all__ = [
    "HealthCheckError",
    "HealthMiddleware",
    "check_cache",
    "check_database",
    "drain",
    "health",
]
