"""The manifests' alerts are those in the documents, and Prometheus accepts them."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.heavy.processes import Manifests, missing

FILES = {"alerts.yaml": "docs/deploy.md", "alerts-celery.yaml": "docs/background-tasks.md"}
MONITORING = Path("deploy/k8s/components/monitoring")
OF_THE_PROJECT = 'app_kubernetes_io_part_of="team-tracker"'
EVERY = "1m"


def rules(project: Path, file: str) -> list[dict[str, Any]]:
    one = yaml.safe_load((project / MONITORING / file).read_text(encoding="utf-8"))
    [group] = one["spec"]["groups"]
    return list(group["rules"])


def documented(project: Path, document: str) -> dict[str, str]:
    text = (project / document).read_text(encoding="utf-8")
    table = re.search(r"\| alert \| when \|\n.*?\n\n|\| alert \| when \|\n.*", text, re.DOTALL)
    assert table
    return dict(re.findall(r"^\| ([A-Z]\w+) \| (.*) \|$", table[0], re.MULTILINE))


@pytest.mark.parametrize(("file", "document"), FILES.items())
def test_documents_have_the_alerts_of_the_manifests(
    project: Path, file: str, document: str
) -> None:
    found = {rule["alert"]: rule for rule in rules(project, file)}
    said = documented(project, document)
    assert list(found) == list(said)
    for name, sentence in said.items():
        metrics = re.findall(r"`((?:http|themis|celery|kube)_\w+)", sentence)
        assert metrics
        assert all(metric in found[name]["expr"] for metric in metrics)
        if minutes := re.search(r"for (\d+) minutes", sentence):
            assert found[name]["for"] == f"{minutes[1]}m"
        if percent := re.search(r"more than (\d+) %", sentence):
            assert f"> {int(percent[1]) / 100}" in found[name]["expr"]
        if number := re.search(r"above (\d+)", sentence):
            assert f"> {number[1]}" in found[name]["expr"]


@pytest.mark.parametrize("file", FILES)
def test_alerts_are_about_this_project_alone(project: Path, file: str) -> None:
    for rule in rules(project, file):
        ours = re.findall(r"(?:http|themis|celery)_\w+(\{[^}]*\})?", rule["expr"])
        assert ours
        assert all(OF_THE_PROJECT in labels for labels in ours)


def test_the_monitor_finds_the_port(project: Path, tmp_path: Path) -> None:
    if shutil.which("kubectl") is None:
        missing("kubectl")
    shutil.copytree(project / "deploy", tmp_path / "deploy")
    file = tmp_path / "deploy/k8s/overlays/production/kustomization.yaml"
    text = file.read_text()
    component = "  - ../../components/worker\n"
    assert component in text
    file.write_text(text.replace(component, f"{component}  - ../../components/monitoring\n", 1))
    manifests = Manifests(tmp_path, "production")
    monitor = manifests.named("PodMonitor", "web")
    template = manifests.named("Deployment", "web")["spec"]["template"]
    labels = template["metadata"]["labels"]
    assert monitor["metadata"]["namespace"] == "team-tracker"
    assert monitor["spec"]["selector"]["matchLabels"].items() <= labels.items()
    # The label by which alerts select, as Prometheus writes it.
    [label] = monitor["spec"]["podTargetLabels"]
    assert f'{re.sub(r"[./-]", "_", label)}="{labels[label]}"' == OF_THE_PROJECT
    # The label that Grafana's sidecar looks for. A fixed name, or there would be two dashboards.
    dashboard = manifests.named("ConfigMap", "dashboard")
    assert dashboard["metadata"]["labels"]["grafana_dashboard"] == "1"
    [endpoint] = monitor["spec"]["podMetricsEndpoints"]
    ports = {port["name"] for port in template["spec"]["containers"][0]["ports"]}
    assert endpoint["port"] in ports


# The series as in Prometheus: the monitor's labels, and those that each test needs.
OURS = 'app_kubernetes_io_part_of="team-tracker", namespace="team-tracker"'
HTTP = "http_request_duration_seconds_count"
UNIT_TESTS = {
    "ServerErrors": {
        f'{HTTP}{{{OURS}, status="200"}}': "0+100x30",
        f'{HTTP}{{{OURS}, status="500"}}': "0+5x30",
        f'{HTTP}{{namespace="other", status="500"}}': "0+500x30",
    },
    "JobFailed": {
        'kube_job_status_failed{namespace="team-tracker", job_name="migrate"}': "1x30",
        'kube_job_status_failed{namespace="other", job_name="backup"}': "1x30",
        f'themis_notifications_created_total{{{OURS}, pod="a"}}': "0+1x30",
        f'themis_notifications_created_total{{{OURS}, pod="b"}}': "0+1x30",
    },
    "QueueTooLong": {f"celery_queue_length{{{OURS}}}": "101x30"},
}
QUIET = {
    "ServerErrors": {
        f'{HTTP}{{{OURS}, status="200"}}': "0+1000x30",
        f'{HTTP}{{{OURS}, status="500"}}': "0+5x30",
    },
    "JobFailed": {'kube_job_status_failed{namespace="other", job_name="backup"}': "1x30"},
    "QueueTooLong": {f"celery_queue_length{{{OURS}}}": "100x30"},
}


@pytest.fixture(scope="module")
def rule_files(project: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return the groups in Prometheus' format."""
    if shutil.which("promtool") is None:
        missing("promtool")
    folder = tmp_path_factory.mktemp("rules")
    for file in FILES:
        one = yaml.safe_load((project / MONITORING / file).read_text(encoding="utf-8"))
        (folder / file).write_text(yaml.safe_dump(one["spec"]))
    return [folder / file for file in FILES]


def promtool(*arguments: str | Path) -> None:
    run = subprocess.run(
        ["promtool", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_prometheus_understands_the_alerts(rule_files: list[Path]) -> None:
    promtool("check", "rules", *rule_files)


def test_prometheus_understands_the_dashboard(
    rule_files: list[Path], project: Path, tmp_path: Path
) -> None:
    dashboard = json.loads((project / MONITORING / "dashboard.json").read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    assert all(OF_THE_PROJECT in labels for one in shown for labels in re.findall(r"\{.*?\}", one))
    records = [{"record": f"panel:{n}", "expr": expression} for n, expression in enumerate(shown)]
    file = tmp_path / "dashboard.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": records}]}))
    promtool("check", "rules", file)


@pytest.mark.parametrize("name", UNIT_TESTS)
@pytest.mark.parametrize("fires", [True, False])
def test_alert(rule_files: list[Path], tmp_path: Path, name: str, fires: bool) -> None:
    [rule] = [
        rule
        for file in rule_files
        for group in yaml.safe_load(file.read_text())["groups"]
        for rule in group["rules"]
        if rule["alert"] == name
    ]
    labels = {"namespace": "team-tracker", **rule["labels"]}
    summary = rule["annotations"]["summary"].replace("{{ $labels.job_name }}", "migrate")
    if name == "JobFailed":
        labels["job_name"] = "migrate"
    alert = {"exp_labels": labels, "exp_annotations": {"summary": summary}}
    series = (UNIT_TESTS if fires else QUIET)[name]
    test = {
        "interval": EVERY,
        "input_series": [{"series": key, "values": value} for key, value in series.items()],
        "alert_rule_test": [
            {"eval_time": "25m", "alertname": name, "exp_alerts": [alert] if fires else []}
        ],
    }
    file = tmp_path / "test.yaml"
    file.write_text(
        yaml.safe_dump({"rule_files": [str(one) for one in rule_files], "tests": [test]})
    )
    promtool("test", "rules", file)
