"""The dashboard and the alert rules in docs/: what they ask for is what docs/metrics.md lists, and Prometheus reads it."""

import json
import pathlib
import re

import pytest

from scrape import promtool, run_promtool

DOCS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs"
RULES, DASHBOARD = DOCS / "alert-rules.yml", DOCS / "grafana-dashboard.json"
NAME = re.compile(r"\b(?:reeld|process)_[a-z_]+\b")
FORMS = ("_bucket", "_sum", "_count")  # of a histogram


def listed():
    """Name to type, of the table."""
    rows = re.findall(r"^\| `([a-z_]+)` \| (\w+) \|", (DOCS / "metrics.md").read_text("utf-8"), re.M)
    assert len(rows) > 20
    return dict(rows)


def is_listed(name, types):
    base = next((name[:-len(form)] for form in FORMS if name.endswith(form)), None)
    return name in types or types.get(base) == "histogram"


def expressions_of_rules():
    text = RULES.read_text("utf-8")
    found = re.findall(r"^        expr: (?:>-\n((?: {10}.*\n)+)|(.*)\n)", text, re.M)
    assert len(found) == text.count("- alert:")
    return [" ".join((folded or plain).split()) for folded, plain in found]


def panels():
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    return dashboard, [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def expressions_of_dashboard():
    return [target["expr"] for panel in panels()[1] for target in panel["targets"]]


@pytest.mark.parametrize("expressions", [expressions_of_rules, expressions_of_dashboard])
def test_only_numbers_that_there_are_are_asked_for(expressions):
    types = listed()
    names = {name for text in expressions() for name in NAME.findall(re.sub(r'"[^"]*"', '""', text))}
    assert len(names) >= 8 and not [name for name in names if not is_listed(name, types)]


def test_only_reasons_and_pauses_that_there_are_are_asked_for():
    text = (DOCS / "metrics.md").read_text("utf-8")
    for expression in expressions_of_rules() + expressions_of_dashboard():
        for words in re.findall(r'(?:reason|pause|stage|verdict)=~?"([^"]*)"', expression):
            assert all(re.search(rf"\b{word}\b", text) for word in words.split("|")), expression


def test_every_number_of_reelds_own_is_on_the_dashboard():
    shown = " ".join(expressions_of_dashboard())
    assert not [name for name in listed() if name.startswith("reeld_") and name not in shown]


def test_every_alert_says_what_to_do():
    alerts = re.split(r"^      - alert: ", RULES.read_text("utf-8"), flags=re.M)[1:]
    assert len(alerts) >= 7
    for alert in alerts:
        assert re.search(r"severity: (critical|warning|info)", alert) and "for: " in alert
        assert 'summary: "' in alert and len(alert.partition("description:")[2]) > 40, alert


def test_the_rules_are_what_prometheus_reads():
    if not promtool():
        pytest.skip("promtool (Debian's prometheus) is not here")
    done = run_promtool("check", "rules", RULES)
    assert done.returncode == 0 and "SUCCESS" in done.stdout and not done.stderr, done.stdout + done.stderr


ALERTS_TEST = """
rule_files: [{rules}]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {{series: 'up{{job="reeld", instance="a"}}', values: '1x40 0x20'}}
      - {{series: 'reeld_jobs_in_doubt{{job="reeld", instance="a"}}', values: '0x10 2x50'}}
      - {{series: 'reeld_lane_paused{{job="reeld", instance="a", pause="account"}}', values: '0x10 1x50'}}
      - {{series: 'reeld_pairs_waiting{{job="reeld", instance="a", reason="unsent"}}', values: '0x10 5x50'}}
      - {{series: 'reeld_pairs_waiting{{job="reeld", instance="a", reason="half"}}', values: '7x60'}}
      - {{series: 'reeld_attempts_total{{job="reeld", instance="a", verdict="accepted"}}', values: '0+1x10 10x50'}}
      - {{series: 'reeld_day_spent{{job="reeld", instance="a"}}', values: '95x60'}}
      - {{series: 'reeld_day_cap{{job="reeld", instance="a"}}', values: '100x60'}}
      - {{series: 'reeld_day_spent{{job="reeld", instance="b"}}', values: '95x60'}}
      - {{series: 'reeld_day_cap{{job="reeld", instance="b"}}', values: '0x60'}}
    promql_expr_test:
      - expr: count(ALERTS{{alertstate="firing"}}) by (alertname, instance)
        eval_time: 9m
        exp_samples: [{{labels: '{{alertname="ReeldDayCapNear", instance="a"}}', value: 1}}]
      - expr: count(ALERTS{{alertstate="firing"}}) by (alertname, instance)
        eval_time: 20m
        exp_samples:
          - {{labels: '{{alertname="ReeldDayCapNear", instance="a"}}', value: 1}}
          - {{labels: '{{alertname="ReeldAccountPaused", instance="a"}}', value: 1}}
          - {{labels: '{{alertname="ReeldJobsInDoubt", instance="a"}}', value: 1}}
      - expr: count(ALERTS{{alertstate="firing"}}) by (alertname, instance)
        eval_time: 55m
        exp_samples:
          - {{labels: '{{alertname="ReeldDayCapNear", instance="a"}}', value: 1}}
          - {{labels: '{{alertname="ReeldAccountPaused", instance="a"}}', value: 1}}
          - {{labels: '{{alertname="ReeldJobsInDoubt", instance="a"}}', value: 1}}
          - {{labels: '{{alertname="ReeldNothingAccepted", instance="a"}}', value: 1}}
          - {{labels: '{{alertname="ReeldDown", instance="a"}}', value: 1}}
"""


def test_the_alerts_fire_when_they_are_to(tmp_path):
    if not promtool():
        pytest.skip("promtool (Debian's prometheus) is not here")
    (tmp_path / "test.yml").write_text(ALERTS_TEST.format(rules=RULES))
    done = run_promtool("test", "rules", tmp_path / "test.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboard_is_whole():
    dashboard, shown = panels()
    assert dashboard["title"] == "reeld" and dashboard["schemaVersion"] >= 36
    assert [panel["title"] for panel in dashboard["panels"] if panel["type"] == "row"] == [
        "Work", "Lane", "Money and doubt", "Latency", "Health"]
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
    assert {variable["name"]: variable["type"] for variable in dashboard["templating"]["list"]} == {
        "datasource": "datasource", "instance": "query"}
    for panel in shown:
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert panel["targets"] and all(target["expr"].count("(") == target["expr"].count(")") for target in panel["targets"])
    places = [(panel["gridPos"]["x"] + column, panel["gridPos"]["y"] + line) for panel in dashboard["panels"]
              for column in range(panel["gridPos"]["w"]) for line in range(panel["gridPos"]["h"])]
    assert len(places) == len(set(places)) and max(column for column, _ in places) < 24, "no two overlap"
