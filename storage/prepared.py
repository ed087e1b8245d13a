"""
Written by `python -m storage.prepare` from the statements; not to be edited.
"""
# fmt: off
# ruff: noqa: E501 - SQL as SQLAlchemy wrote it

from __future__ import annotations

from typing import Any

from storage.converters import moment_in, moment_out
from storage.statements import Statement

PREPARED: dict[str, dict[str, Any]] = {
    "ReportStatements": {
        "moment": moment_in,
        "lock": Statement('SELECT report.id \nFROM report \nWHERE report.id = ?', None, None),
        "header": Statement('SELECT organ.name, report.year, report.edition, report.final_history, conversation.place, (SELECT max(history.id) AS max_1 \nFROM history \nWHERE history.report_id = report.id) AS anon_1, (SELECT max(explanation.id) AS max_2 \nFROM explanation \nWHERE explanation.report_id = report.id) AS anon_2 \nFROM report JOIN organ ON organ.id = report.organ_id LEFT OUTER JOIN conversation ON conversation.report_id = report.id AND conversation.person = ? \nWHERE report.id = ?', None, None),
        "answers": Statement('SELECT answer.number, answer.value \nFROM answer \nWHERE answer.report_id = ? ORDER BY answer.number', None, None),
        "put": Statement('INSERT INTO answer (report_id, number, value, "by", at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (report_id, number) DO UPDATE SET value = excluded.value, "by" = excluded."by", at = excluded.at', (None, None, None, None, moment_in,), None),
        "remove": Statement('DELETE FROM answer WHERE answer.report_id = ? AND answer.number = ?', None, None),
        "record": Statement('INSERT INTO history (report_id, number, "before", "after", "by", at, door) VALUES (?, ?, ?, ?, ?, ?, ?)', (None, None, None, None, None, moment_in, None,), None),
        "place": Statement('INSERT INTO conversation (person, report_id, place, updated_at) VALUES (?, ?, ?, ?) ON CONFLICT (person, report_id) DO UPDATE SET place = excluded.place, updated_at = excluded.updated_at', (None, None, None, moment_in,), None),
        "explanations": Statement('SELECT explanation.check_id, explanation.cells, explanation."key", explanation.text, explanation."by", explanation.at \nFROM explanation \nWHERE explanation.report_id = ? ORDER BY explanation.id', None, None),
        "changes_since": Statement('SELECT history.number, history."before" \nFROM history \nWHERE history.report_id = ? AND history.id > ? ORDER BY history.id', None, None),
        "current": Statement('SELECT report.id, organ.name, report.year \nFROM conversation JOIN report ON report.id = conversation.report_id JOIN organ ON organ.id = report.organ_id \nWHERE conversation.person = ? ORDER BY conversation.updated_at DESC, conversation.report_id DESC\n LIMIT 1 OFFSET 0', None, None),
        "find": Statement('SELECT report.id \nFROM report JOIN organ ON organ.id = report.organ_id \nWHERE organ.name = ? AND report.year = ?', None, None),
        "new_organ": Statement('INSERT INTO organ (name, created) VALUES (?, ?) ON CONFLICT DO NOTHING', (None, moment_in,), None),
        "new_report": Statement('INSERT INTO report (organ_id, year, edition, created_at) SELECT organ.id, ? AS anon_1, ? AS anon_2, ? AS anon_3 \nFROM organ \nWHERE organ.name = ? ON CONFLICT DO NOTHING', (None, None, moment_in, None,), None),
        "new_explanation": Statement('INSERT INTO explanation (report_id, check_id, cells, "key", text, "by", at) VALUES (?, ?, ?, ?, ?, ?, ?)', None, None),
        "finish": Statement('UPDATE report SET final_history=?, final_at=? WHERE report.id = ?', (None, moment_in, None,), None),
        "newest": Statement('SELECT coalesce(max(history.id), 0) AS coalesce_1 \nFROM history \nWHERE history.report_id = ?', None, None),
        "of_year": Statement('SELECT other.id, other.year, other.edition, (SELECT max(history.id) AS max_1 \nFROM history \nWHERE history.report_id = other.id) AS anon_1 \nFROM report AS own JOIN report AS other ON other.organ_id = own.organ_id \nWHERE own.id = ? AND other.year = own.year + ?', None, None),
        "wording": Statement('SELECT other.year, answer.number, answer.value \nFROM report AS own JOIN report AS other ON other.organ_id = own.organ_id AND other.id != own.id JOIN answer ON answer.report_id = other.id \nWHERE own.id = ? AND answer.number IN (11, 12, 13, 15) ORDER BY other.year DESC', None, None),
        "history": Statement('SELECT history.id, history.number, history."before", history."after", history."by", history.at, history.door \nFROM history \nWHERE history.report_id = ? ORDER BY history.id', None, (None, None, None, None, None, moment_out, None,)),
        "entries": Statement('SELECT answer.number, answer."by", answer.at \nFROM answer \nWHERE answer.report_id = ? ORDER BY answer.number', None, (None, None, moment_out,)),
        "years": Statement('SELECT report.year \nFROM report JOIN organ ON organ.id = report.organ_id \nWHERE organ.name = ? ORDER BY report.year', None, None),
        "organs": Statement('SELECT organ.name \nFROM organ ORDER BY organ.name', None, None),
    },
}
