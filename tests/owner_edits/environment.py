"""Edits of the variables and secrets that the manifests set."""

from pathlib import Path

from tests.owner_edits.editing import append, set_variable
from tests.owner_edits.manifests import (
    BASE,
    LOCAL,
    TESTS,
    add_to_base,
)
from tests.owner_edits.registry import edit


@edit(TESTS)
def secret_of_ones_own(project: Path) -> None:
    """Read a token from the Secret, and a variable that only one environment sets."""
    append(
        project / "config/settings.py",
        '\nPAYMENT_TOKEN = secret("PAYMENT_TOKEN")\n'
        'PAYMENT_URL = env.str("PAYMENT_URL", default="https://pay.example.com")\n',
    )
    path = "/run/secrets/credentials/PAYMENT_TOKEN"
    set_variable(project / BASE / "settings.env", "PAYMENT_TOKEN_FILE", path)
    set_variable(project / LOCAL.parent / "secrets.env.example", "PAYMENT_TOKEN", "sandbox")


@edit(TESTS, says="holds the secret PAYMENT_TOKEN: put it into the Secret, and write ")
def secret_in_a_config_map(project: Path) -> None:
    """Write a token into the settings that are not secret."""
    append(project / "config/settings.py", '\nPAYMENT_TOKEN = secret("PAYMENT_TOKEN")\n')
    set_variable(project / BASE / "settings.env", "PAYMENT_TOKEN", "tok_4711")


@edit(
    TESTS,
    says="which the pods lack: add PAYMENT_URL=… to deploy/k8s/base/settings.env or, for a secret",
)
def variable_that_production_needs(project: Path) -> None:
    """Require a variable that the manifests do not set."""
    append(
        project / "config/settings.py",
        '\nPAYMENT_URL = required("PAYMENT_URL", development="https://pay.example.com")\n',
    )


@edit(TESTS, says="(did you mean ALLOWED_HOSTS?)")
def variable_with_a_wrong_name(project: Path) -> None:
    """Misspell a variable."""
    set_variable(project / BASE / "settings.env", "ALOWED_HOSTS", "tasks.acme.dev")


@edit(TESTS)
def external_secrets(project: Path) -> None:
    """Let the External Secrets Operator create the Secret."""
    add_to_base(
        project,
        "credentials.yaml",
        """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: credentials }
spec:
  secretStoreRef: { name: vault, kind: ClusterSecretStore }
  target: { name: credentials }
  dataFrom: [{ extract: { key: tasks } }]
""",
    )


@edit("tests/config", "tests/deploy")
def variable_that_production_gets(project: Path) -> None:
    """Require a variable, give an example of it, and set it in the manifests."""
    append(
        project / "config/settings.py",
        '\nBILLING_URL = required("BILLING_URL", development="https://billing.example.com")\n',
    )
    append(project / ".env.example", "\n# Where invoices are.\n#BILLING_URL=https://acme.dev\n")
    set_variable(project / BASE / "settings.env", "BILLING_URL", "https://billing.acme.dev")


@edit(TESTS)
def sentence_in_a_document(project: Path) -> None:
    """Describe the team's cluster in docs/deploy.md."""
    append(
        project / "docs/deploy.md",
        "\n## Our cluster\n\nAsk the platform team, then run "
        "`python manage.py migrate_everything` and `kubectl apply -f deploy/ours.yaml`, "
        "which starts `deployment/ours`. It needs `OUR_VARIABLE`.\n",
    )
