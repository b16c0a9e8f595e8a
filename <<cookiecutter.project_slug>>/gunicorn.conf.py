"""Configure `gunicorn config.wsgi`."""

import gc
import importlib
import os
import runpy
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.probes import Worker

# Threads, so that a slow request does not delay a probe.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("GUNICORN_THREADS", "8"))

# Workers share the memory of what is imported before they are forked. Each worker opens
# its own database connections and metrics files.
preload_app = True

bind = os.environ.get("GUNICORN_BIND", "127.0.0.1:8000")

# Keep this above the idle timeout of the proxy in front. Otherwise the proxy sends
# requests on connections that are being closed, and answers 502. The timeout is 60 s in
# nginx and AWS, 90 s in Traefik, 600 s in Google's load balancer.
keepalive = int(os.environ.get("GUNICORN_KEEPALIVE", "620"))

# A client that hasn't sent its request by then is disconnected.
READ_SECONDS = float(os.environ.get("GUNICORN_READ_SECONDS", "20"))

# The workers combine their metrics in files.
METRICS_PORT = os.environ.get("METRICS_PORT")
if METRICS_PORT:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-")

# Django would confuse X_Forwarded_For with X-Forwarded-For, which the proxy in front
# sets, and use SCRIPT_NAME as the site's path prefix.
header_map = "refuse"
forwarder_headers = ""

# The root filesystem may be read-only.
worker_tmp_dir = "/dev/shm"
control_socket_disable = True

# Loaded by its path: the project may not be importable yet, and a reload has to read
# the file again.
LOGGING = runpy.run_path(str(Path(__file__).with_name("config") / "logging.py"))
logconfig_dict = LOGGING["logging_settings"](debug=False)

# After SIGTERM, a worker serves requests for DRAIN_SECONDS. Those in progress then have
# the rest of the time to finish.
DRAIN_SECONDS = float(os.environ.get("GUNICORN_DRAIN_SECONDS", "5"))
graceful_timeout = int(DRAIN_SECONDS) + 20


def when_ready(server: object) -> None:
    """Import what the first request would, so that the workers share its memory too."""
    from django.conf import settings

    importlib.import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()  # a collection would write to each object, and so copy its memory


def post_worker_init(worker: "Worker") -> None:
    from config import probes, slow_clients

    slow_clients.read_within(worker, READ_SECONDS)
    if METRICS_PORT:
        host = bind.rpartition(":")[0].strip("[]")
        probes.serve_metrics_port(worker, host, int(METRICS_PORT))
    probes.drain_on_sigterm(worker, DRAIN_SECONDS)
