"""
The dashboard and the alerts name only metrics that the program has, with their labels.

No YAML parser is among the tests' packages: the rules are written so plainly that each line of
a rule can be read as text.
"""

import json
import re
from collections.abc import Iterator

import pytest

from bot.watching.metrics import REGISTRY
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
ALERTS = (DEPLOY / "alerts.yml").read_text(encoding="utf-8")
DASHBOARD = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))

RULE = re.compile(
    r"      - alert: (?P<name>Nianbao[A-Za-z]+)\n"
    r"        expr: (?P<expr>[^\n]+)\n"
    r"(?:        for: [0-9]+m\n)?"
    r"        labels: \{severity: (?:critical|warning)\}\n"
    r"        annotations:\n"
    r'          summary: "(?P<summary>[^"\\\n]+)"\n'
)
NAME = re.compile(r"\b(?:nianbao|process)_[a-z_]+\b")
# The labels that Prometheus adds by itself, and the label of a histogram's bounds.
GIVEN_LABELS = {"job", "instance", "le"}
SUFFIXES = {
    "counter": ("_total",),
    "gauge": ("",),
    "histogram": ("_bucket", "_count", "_sum"),
}


def known() -> dict[str, set[str]]:
    """
    Every metric name that a scrape shows, with its labels.
    """
    labels = {
        name: set(getattr(collector, "_labelnames", ()))
        for collector, names in REGISTRY._collector_to_names.items()
        for name in names
    }
    return {
        f"{metric.name}{suffix}": labels.get(metric.name, set())
        for metric in REGISTRY.collect()
        for suffix in SUFFIXES[metric.type]
    }


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in RULE.finditer(ALERTS))
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel["targets"])


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_what_is_asked_for_exists(expression: str):
    """
    The metric, and the labels by which it is chosen or grouped.
    """
    there = known()
    names = NAME.findall(expression)
    used = set(re.findall(r'(\w+)=~?"', expression))
    for group in re.findall(r"by \(([^)]*)\)", expression):
        used |= set(re.split(r",\s*", group))

    assert names or "up{" in expression
    assert set(names) <= set(there)
    assert used <= GIVEN_LABELS.union(*(there[name] for name in names))


def test_every_rule_is_read_and_says_what_to_do():
    """
    In Chinese, for whoever is on duty; no name is given twice.
    """
    rules = list(RULE.finditer(ALERTS))
    names = [rule["name"] for rule in rules]

    assert ALERTS.count("- alert:") == len(rules) == len(set(names)) > 10
    assert all(re.search(r"[\u4e00-\u9fff]{5}", rule["summary"]) for rule in rules)
    rest = RULE.sub("", ALERTS)
    assert ["groups:", "  - name: nianbao", "    rules:"] == [
        line for line in rest.splitlines() if line.strip() and not line.startswith("#")
    ]


def test_no_panel_lies_on_another():
    """
    Within the 24 columns, and each with an id of its own.
    """
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
