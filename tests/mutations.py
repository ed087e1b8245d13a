"""
Removes each protection in turn: some test must notice. Run by `make mutations`.

The product is changed in a copy, never in place; first the tests must pass in the unchanged copy.
Survivors are listed at the end; `ONLY=text` tries only the rows that contain the text. If the text
of a row is missing in its file, that is an error: the protection has moved, and the row must
follow.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.bot.doors import environment
from tests.conftest import ROOT


class Mutation(NamedTuple):
    """
    A text of a file, its replacement, and the tests that must fail then.
    """

    file: str
    text: str
    replacement: str
    tests: str


NOT_COPIED = (".git", ".venv", ".env", ".cache", ".hypothesis", ".*_cache", "var", "__pycache__")

MUTATIONS = (
    # Reminders: leases, and how much is claimed ahead.
    Mutation("bot/reminding/claim.py", "lease - SAFETY", "lease", "bot/test_courier.py"),
    Mutation("bot/reminding/claim.py", "unsent.lease <= now", "False", "bot/test_reminding.py"),
    Mutation("bot/reminding/claim.py", "min(lease - SAFETY, evening)", "lease - SAFETY", "bot/test_reminding.py"),
    Mutation("bot/telegram/courier.py", "(TimeoutError, *STORE_FAILURES)", "(TimeoutError)", "bot/test_courier.py"),
    Mutation("bot/telegram/courier.py", "per_second * AHEAD", "per_second * 60", "bot/test_courier.py"),
    Mutation("bot/telegram/courier.py", "min(MOST_AT_ONCE, round(per_second / 2))", "round(per_second / 2)", "bot/test_courier.py"),
    # Copies: they are whole or missing, overwrite nothing, and are reported once.
    Mutation("storage/rows.py", "if before != after:", "if False:", "storage/test_moving.py"),
    Mutation("storage/rows.py", "    if target.dialect.name == \"postgresql\":\n        _go_on_counting(target)\n", "", "storage/test_moving.py"),
    Mutation("storage/rows.py", "    connection.execute(update(NOTICE).values(lease=None))\n", "", "storage/test_moving.py"),
    Mutation("storage/rows.py", ".where(IS_OPEN, OUTGOING.c.method != FETCH)\n        .values", ".where(IS_OPEN)\n        .values", "storage/test_moving.py"),
    Mutation("storage/moving.py", "            _refuse_tables(connection, target)\n            migrations", "            migrations", "storage/test_moving.py"),
    Mutation("storage/moving.py", "if not over and file.exists() and", "if False and", "storage/test_moving.py"),
    Mutation("storage/moving.py", "for end in PARTS)", "for end in ())", "storage/test_moving.py"),
    Mutation("storage/moving.py", "if faults and not broken:", "if False:", "storage/test_moving.py"),
    Mutation("storage/store.py", "there is not None and there not in migrations.KNOWN", "False", "storage/test_moving.py"),
    Mutation("storage/moving.py", "check_whole(reader.connection, source.database.place)", "pass", "storage/test_moving.py"),
    Mutation("storage/members.py", "for statement in FORGET_QUOTES:", "for statement in ():", "storage/test_people.py"),
    Mutation("storage/jobs.py", "WHERE lock = CAST(:chat AS text)", "WHERE lock IS NULL AND CAST(:chat AS text) = ''", "storage/test_people.py"),
    Mutation("storage/databases.py", "secure_delete = ON", "secure_delete = OFF", "storage/test_moving.py"),
    Mutation("bot/cli/backup.py", "if options.keep and not faults else []", "if options.keep else []", "bot/test_moving_cli.py"),
    Mutation("storage/moving.py", "        found_whole()\n        place(file, target.path)", "        place(file, target.path)\n        found_whole()", "storage/test_moving.py"),
    Mutation("storage/databases.py", "{\"mode\": \"ro\"} if", "{\"mode\": \"rw\"} if", "storage/test_moving.py"),
    Mutation("bot/cli/people.py", "                store.settle()", "                pass", "bot/test_people_cli.py"),
    Mutation("storage/rows.py", "with explaining(place):", "if True:", "storage/test_moving.py"),
    Mutation("storage/store.py", "if not (older and store.version()):", "if True:", "bot/test_moving_cli.py"),
    Mutation("bot/cli/backup.py", "file.samefile(source)", "False", "bot/test_moving_cli.py"),
    Mutation("bot/cli/backup.py", "file.resolve() in own", "False", "bot/test_moving_cli.py"),
    Mutation("bot/cli/backup.py", "if file.name != made.name", "if True", "bot/test_moving_cli.py"),
    Mutation("bot/doctor/store.py", "backup_as_now(file, folder, lambda *_: None)", "Store.open(file, reading=True)", "bot/test_doctor.py"),
    Mutation("bot/cli/copy.py", "    if is_served(copy):\n        quieten", "    if False:\n        quieten", "bot/test_moving_cli.py"),
    # Roles.
    Mutation("bot/telegram/talk.py", "if not screen.member and person not in self.door.admins:", "if False:", "bot/telegram/test_members.py"),
    Mutation("bot/telegram/talk.py", "return report is not None and self.is_of(screen, report[0])", "return report is not None", "bot/telegram/test_members.py"),
    Mutation("bot/access.py", "return bool(mine - {organ_id}) and not mine.isdisjoint(above(self.reader, organ_id))", "return bool(mine)", "bot/telegram/test_below.py"),
    Mutation("bot/access.py", "if Role.ADMINISTRATOR in each.roles}", "}", "bot/telegram/test_below.py"),
    Mutation("bot/access.py", "frozenset({Role.ADMINISTRATOR}), Reach.BELOW)", "frozenset({Role.ADMINISTRATOR}))", "bot/telegram/test_below.py"),
    Mutation("bot/access.py", "if self.may(Action.MANAGE, o[0])", "", "bot/telegram/test_members.py bot/telegram/test_below.py"),
    Mutation("storage/organs.py", "bindparam(\"person\"), ADMINISTRATOR)", "bindparam(\"person\"))", "bot/test_task_door.py bot/telegram/test_below.py"),
    Mutation("storage/organs.py", "return unit.organ(name, at) if made.rowcount == 1 else None", "return unit.organ(name, at)", "storage/test_organs.py"),
    Mutation("storage/members.py", "run(REVOKE_BELOW, organ=organ", "run(REVOKE_BELOW, organ=0", "bot/telegram/test_below.py"),
    Mutation("bot/memberships.py", "if invitation.created_by in gone - own:", "if False:", "bot/telegram/test_below.py bot/test_organs_cli.py"),
    Mutation("bot/memberships.py", "    if any(Role.LEADER in member.roles for member in members.members(organ_id)):\n        return\n", "", "bot/test_organs_cli.py"),
    Mutation("bot/county/organ_door.py", "found is None or not asker.access.may(Action.MANAGE, found.id)", "found is None", "bot/telegram/test_organ_lists.py"),
    Mutation("bot/county/organ_door.py", "if plan.mark == mark:", "if True:", "bot/telegram/test_organ_lists.py"),
    Mutation("bot/county/organ_door.py", "    if not _is_from_above(access, organ.id):\n        raise Refusal(wording.NOT_ONES_OWN)\n", "", "bot/telegram/test_organ_lists.py"),
    Mutation("bot/county/organ_lists.py", "[n for n in listed_names(listed.rows) - own if members.organs(1, n)]", "[]", "bot/telegram/test_organ_lists.py"),
    Mutation("bot/county/report_names.py", "is_locked(state_of(report.state))", "False", "bot/test_organs_import.py"),
    Mutation("bot/telegram/people.py", "organ_id is None or not self.access.may(Action.MANAGE, organ_id)", "organ_id is None", "bot/telegram/test_people.py bot/telegram/test_below.py"),
    Mutation("bot/telegram/people.py", "parent = above and self.access.may(Action.LOOK, above) and", "parent = above and", "bot/telegram/test_below.py"),
    Mutation("bot/task_door.py", "named is None", "False", "bot/test_task_door.py"),
    Mutation("bot/task_door.py", "if report_id is None or not asker.administers(report_id):\n            return Reply", "if report_id is None:\n            return Reply", "bot/test_task_door.py"),
    Mutation("bot/reminding/nudging.py", "if len(made.people) >= MOST_NUDGED:\n            break", "if False:\n            break", "bot/test_task_door.py bot/test_reminding_chat.py"),
    Mutation("bot/button_numbers.py", "number if number <= LARGEST else None", "number", "bot/telegram/test_forged_buttons.py"),
    Mutation("bot/task_door.py", "chosen[:MOST_FILES]", "chosen", "bot/test_task_door.py bot/test_reminding_chat.py"),
    Mutation("bot/task_door.py", "if not asker.administers_some():\n            return note", "if False:\n            return note", "bot/test_task_door.py bot/test_reminding_chat.py"),
    Mutation("bot/task_door.py", "if not asker.administers_some():\n            return Reply", "if False:\n            return Reply", "bot/test_task_door.py bot/test_reminding_chat.py"),
    Mutation("bot/reminding/asker.py", "return report is not None and self.access.may(Action.MANAGE, report[0])", "return report is not None", "bot/test_task_door.py bot/test_reminding_chat.py"),
    Mutation("bot/reminding/asker.py", "self.access.may(Action.MANAGE", "self.access.may(Action.LOOK", "bot/test_task_door.py bot/test_reminding_chat.py"),
    Mutation("bot/telegram/members.py", "if not talk.may_open(screen, organ_id):", "if False:", "bot/telegram/test_members.py"),
    Mutation("bot/telegram/members.py", "if not invitation.is_good(person, now):", "if False:", "bot/telegram/test_members.py"),
    Mutation("bot/telegram/dispatch.py", "organ is None or not talk.may_open(screen, organ)", "organ is None", "bot/telegram/test_members.py bot/telegram/test_talking.py"),
    Mutation("bot/telegram/dispatch.py", "report is None or not talk.allowed(report, screen)", "report is None", "bot/telegram/test_members.py"),
    Mutation("bot/telegram/talk.py", "if organ is not None and not self.is_of(screen, organ):", "if False:", "bot/telegram/test_below.py"),
    Mutation("bot/access.py", "if each.organ_id == organ_id), None)", "), None)", "bot/telegram/test_people.py bot/telegram/test_members.py"),
    Mutation("bot/telegram/members.py", "event.name in words.ADMIN_COMMANDS and not", "False and not", "bot/telegram/test_people.py"),
    Mutation("bot/telegram/members.py", "if held and (invitation.used_at", "if (invitation.used_at", "bot/telegram/test_people.py"),
    Mutation("bot/telegram/people.py", 'if event.name != "people" or not talk.is_administrator(screen):', 'if event.name != "people":', "bot/telegram/test_people.py"),
    Mutation("bot/memberships.py", "all(access.may(Action.MANAGE, organ_id) for organ_id in theirs)", "True", "bot/telegram/test_people.py"),
    Mutation("bot/memberships.py", "or members.was_member(new)", "", "bot/telegram/test_people.py"),
    # Helpers see and change some sections only.
    # one document.
    Mutation("conversations/talk/moves/sign_off.py", "if mark == mark_shown(turn.session):", "if True:", "conversations/test_sign_off.py"),
    Mutation("conversations/talk/moves/sign_off.py", "session.can(Deed.RETURN) and mark == mark_shown(session)", "session.can(Deed.RETURN)", "conversations/test_sign_off.py"),
    Mutation("conversations/talk/triggers.py", 'mark=place.item if place.state is State.SIGN_OFF else ""', 'mark=session.fingerprint.replace("-", "").lower()', "conversations/test_sign_off.py"),
    Mutation("conversations/talk/gate.py", "if not may(standing, action, state):", "if not may(standing, action):", "conversations/test_sign_off.py"),
    Mutation("bot/cli/importing.py", "            if is_locked(stands.sign_off.state):", "            if False:", "bot/test_sign_off_doors.py"),
    Mutation("conversations/talk/gate.py", "    ShowPhoto: Action.LOOK,\n", "", "conversations/test_sign_off.py"),
    Mutation("conversations/talk/moves/sign_off.py", "if approval is None or not photo:", "if approval is None:", "conversations/test_sign_off.py"),
    Mutation("bot/telegram/photos.py", "        except BadRequest as error:", "        except ZeroDivisionError as error:", "bot/telegram/test_signed_page.py"),
    Mutation("bot/cli/conversation.py", "kept = version_of(unit, effect.version) if effect.version else None", "kept = None", "bot/test_sign_off_doors.py"),
    Mutation("conversations/talk/gate.py", "return is_own(session, item)", "return True", "conversations/test_helper.py"),
    Mutation("conversations/talk/gate.py", "return may_explain(session, explanation)", "return True", "conversations/test_helper.py"),
    Mutation("conversations/talk/gate.py", "return not is_helper(session)", "return True", "conversations/test_helper.py"),
    Mutation("conversations/reminders/open_work.py", "and (parts is None or s.section in parts)", "", "conversations/test_helper.py"),
    Mutation("bot/telegram/sharing.py", "if not may(talk.standing(screen), Action.SHARE):\n        talk.answer", "if False:\n        talk.answer", "bot/telegram/test_sharing.py"),
    Mutation("bot/telegram/sharing.py", "report is None or not talk.allowed(report, screen)", "report is None", "bot/telegram/test_sharing.py"),
    Mutation("bot/telegram/sharing.py", "talk.clock.now, even_last=False", "talk.clock.now, even_last=True", "bot/telegram/test_sharing.py"),
    # Removed members.
    Mutation("bot/memberships.py", "if nobodys or _is_about(", "if False and _is_about(", "bot/telegram/test_people.py"),
    Mutation("bot/telegram/limiter.py", "not await permit.wanted()", "False", "bot/telegram/test_people.py"),
    Mutation("bot/telegram/courier.py", "not await self.worker.run(self.is_unsent, claim)", "False", "bot/test_courier.py"),
    Mutation("storage/members.py", "run(REVOKE_THEIRS, organ=organ, person=person, key=member.key", "run(REVOKE_THEIRS, organ=0, person=person, key=member.key", "storage/test_people.py"),
    Mutation("storage/members.py", "run(REVOKE_REPLACING, key=member.key", "run(REVOKE_REPLACING, key=None", "storage/test_people.py"),
    Mutation("storage/members.py", "run(REVOKE_REPLACING, key=key", "run(REVOKE_REPLACING, key=None", "storage/test_people.py"),
    Mutation("storage/members.py", "run(OTHER_ADMINISTRATORS, organ=organ, person=person).scalar()", "True", "storage/test_people.py"),
    # Leaders' remarks: each leader's own until sent; settled by a change of their subject.
    Mutation("conversations/talk/remarks.py", "if remark.by == session.by", "", "conversations/test_leaders_remarks.py"),
    Mutation("conversations/talk/remarks.py", "and not (remark.quote and remark.quote in (now.text(remark.item) or \"\"))", "", "conversations/test_leaders_remarks.py"),
    Mutation("conversations/talk/machine.py", "remarks.settle_mended(turn, session)", "pass", "conversations/test_leaders_remarks.py"),
    Mutation("conversations/talk/gate.py", 'return is_own(session, next(about, ""))', "return True", "conversations/test_leaders_remarks.py"),
    # The people to be told of a step of sign-off.
    Mutation("bot/telegram/announcing.py", "if not SignOffs(talk.unit).told(person, step_id) or screen is None", "SignOffs(talk.unit).told(person, step_id)\n    if screen is None", "storage/test_announcing.py"),
    Mutation("bot/telegram/announcing.py", "bool(standing.roles) and hears(", "hears(", "storage/test_announcing.py"),
    Mutation("bot/telegram/announcing.py", "or not screen.reachable", "", "storage/test_announcing.py"),
    Mutation("bot/announce.py", "if overtakes(taken.deed, deed):", "if False:", "storage/test_announcing.py"),
    Mutation("bot/announce.py", '"operator" in taken.note', "False", "storage/test_announcing.py"),
    Mutation("conversations/sign_off/hearing.py", "deed is Deed.PUBLISH and note.get", "False and note.get", "storage/test_announcing.py"),
    Mutation("conversations/reminders/people.py", "if today < deadline < day:", "if False:", "storage/test_announcing.py"),
    Mutation("conversations/reminders/decide.py", "if progress.state is ReportState.SUBMITTED:", "if False:", "bot/test_reminding_sign_off.py"),
    Mutation("storage/reminders.py", 'role == "leader" and own.state is ReportState.SUBMITTED', 'role == "leader"', "bot/test_reminding_sign_off.py"),
    Mutation("bot/cli/state.py", "said = refusal(session, (step, remark) if remark else (step,))", 'said = ""', "bot/test_state_cli.py"),
    # Rights: all rows of the two tables are looked up, and no other rule permits anything.
    Mutation("conversations/talk/gate.py", "if action is Action.FINISH and standing.leader:", "if False:", "conversations/test_rights_matrix.py"),
    Mutation("conversations/talk/gate.py", "if not holds(session, need, effect):", "if False:", "conversations/test_rights_matrix.py"),
    Mutation("conversations/talk/gate.py", "return last is not None and last.fingerprint == session.fingerprint", "return last is not None", "conversations/test_rights_matrix.py"),
    Mutation("conversations/talk/gate.py", "    SettleRemark: Action.SETTLE,\n", "", "conversations/test_rights_matrix.py"),
    Mutation("conversations/talk/gate.py", "(not effect.final or effect.version)", "True", "conversations/test_rights_matrix.py"),
    Mutation("conversations/sign_off/rights.py", "return self.roles - {Role.CLERK} | {Role.HELPER}", "return self.roles | {Role.HELPER}", "conversations/test_rights_matrix.py"),
    Mutation("conversations/sign_off/rights.py", "own | {(Role.ADMINISTRATOR, Reach.BELOW)}", "own | {(Role.ADMINISTRATOR, Reach.OWN)}", "conversations/test_rights_matrix.py"),
    Mutation("conversations/sign_off/rights.py", "return any(state in RIGHTS.get(row, {}).get(action, ())", "return any(action in RIGHTS.get(row, {})", "conversations/test_rights_matrix.py"),
    Mutation("conversations/sign_off/rights.py", "            and not step.by.isdisjoint(standing.rows)\n", "", "conversations/test_rights_matrix.py"),
    Mutation("conversations/sign_off/rights.py", "            and step.needs & organ <= standing.holds\n", "", "conversations/test_rights_matrix.py"),
    Mutation("conversations/sign_off/rights.py", "Action.REMARK: _HANDED_IN,", "Action.REMARK: _HANDED_IN, Action.WRITE: EDITABLE,", "conversations/test_rights_matrix.py"),
    Mutation("conversations/talk/machine.py", "elif refused := _refusal(session, turn):", "elif refused := '':", "conversations/test_rights_matrix.py"),
    Mutation("conversations/talk/gate.py", "r.id == remark and r.by == session.by", "r.id == remark", "conversations/test_rights_matrix.py"),
    Mutation("conversations/sign_off/status.py", "not self.sent and self.by == by", "not self.sent", "conversations/test_leaders_remarks.py"),
    Mutation("storage/sign_off.py", 'update(REMARK).where(*UNSENT, REMARK.c.by == bindparam("author"))', "update(REMARK).where(*UNSENT)", "bot/telegram/test_leaders_remarks.py"),
    Mutation("bot/cli/state.py", "    if not standing.roles:\n        member_of(unit, organ, named)  # says what is wrong\n", "", "bot/test_state_cli.py"),
    # Limits of the chat.
    Mutation("bot/telegram/talk.py", "return count < GUESSES", "return True", "bot/telegram/test_members.py"),
    Mutation("bot/telegram/talk.py", "now - since > timedelta(hours=1)", "False", "bot/telegram/test_members.py"),
    Mutation("conversations/talk/triggers.py", "len(said) > COMMAND_LIMIT or ", "", "bot/telegram/test_talking.py"),
    Mutation("bot/telegram/webhook.py", "hmac.compare_digest(given, secret)", "True", "bot/telegram/test_serve.py bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/webhook.py", "len(body) > BODY_LIMIT", "False", "bot/telegram/test_serve.py bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/sender.py", "while self.intake.has_marks:", "if True:", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/sender.py", 'unclear and row.method == "sendMessage"', "False", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/sender.py", "if unclear >= SENDS:", "if False:", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/sender.py", "if tries >= TRIES:", "if False:", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/sender.py", "unclear = 0  # it", "pass  # it", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/sender.py", "max(row.attempts, int(row.state == SENDING))", "int(row.state == SENDING)", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/sender.py", "ATTEMPTS if isinstance(error, TelegramError)", "999 if isinstance(error, TelegramError)", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/talk.py", "if len(facts) > REMEMBERED:", "if False:", "bot/telegram/test_members.py bot/telegram/test_talking.py"),
    Mutation("bot/telegram/talk.py", "if not self.told_lately(screen):", "if True:", "bot/telegram/test_members.py bot/telegram/test_talking.py"),
    Mutation("bot/telegram/dispatch.py", "update.file.size > UPLOAD_LIMIT", "False", "bot/telegram/test_talking.py bot/telegram/test_last_year.py"),
    Mutation("bot/telegram/attachments.py", "(file.file_size or 0) > UPLOAD_LIMIT", "False", "bot/telegram/test_talking.py bot/telegram/test_last_year.py"),
    Mutation("bot/county/under.py", "organ_id is None or not asker.access.may(Action.MANAGE, organ_id)", "organ_id is None", "bot/telegram/test_county_rights.py"),
    Mutation("bot/telegram/collecting.py", "    if not talk.access(screen).heads():\n        talk.answer(update, NOT_YOURS)\n        return True\n", "", "bot/telegram/test_county_rights.py"),
    Mutation("bot/telegram/handing_out.py", "if self.work is not None and not access.everywhere:", "if False:", "bot/telegram/test_county_out.py"),
    Mutation("bot/county/comparing.py", "found.judged", "tuple(found.organs)", "bot/test_standouts_cli.py"),
    Mutation("bot/county/overview.py", "    return named(asker, number)\n", "    return (int(number, 16), '')\n", "bot/telegram/test_overview.py"),
    Mutation("bot/county/overview.py", "if asker.access.everywhere else None", "", "bot/telegram/test_overview.py"),
    Mutation("bot/telegram/webhook.py", "asyncio.timeout(KEEP_PATIENCE)", "asyncio.timeout(None)", "bot/telegram/test_receiving.py"),
    Mutation("bot/telegram/schedule.py", "len(self._strangers) >= STRANGERS", "False", "bot/test_strangers.py"),
    Mutation("bot/telegram/decorations.py", "LOW = Permit(Priority.STRANGER)", "LOW = Permit(Priority.REMINDER)", "bot/test_strangers.py"),
    Mutation("bot/telegram/inbox.py", "await self._take_singly(do, updates)", "pass", "bot/telegram/test_going_on.py"),
    Mutation("bot/telegram/receiving.py", "isinstance(error, InvalidToken) and not self.last_heard", "isinstance(error, InvalidToken)", "bot/telegram/test_going_on.py"),
    Mutation("bot/telegram/client.py", 'raise MaybeSent(f"{FOREIGN}', 'print(f"{FOREIGN}', "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/client.py", "            raise MaybeSent(FOREIGN)\n        return answer\n\n    async def do_request", "            raise TelegramError(FOREIGN)\n        return answer\n\n    async def do_request", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/client.py", "isinstance(result, dict) and isinstance(result.get(name), kind)", "True", "bot/telegram/test_delivery.py bot/telegram/test_files.py"),
    Mutation("bot/telegram/client.py", "fits = result is True", "pass", "bot/telegram/test_receiving.py"),
    Mutation("bot/telegram/client.py", "or not all(map(_is_update, answer))", "", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/receiving.py", "if there and not take_over:", "if False:", "bot/telegram/test_serve.py"),
    Mutation("bot/telegram/receiving.py", "now - since >= SETTLED", "False", "bot/telegram/test_receiving.py"),
    Mutation("bot/telegram/receiving.py", "and now - self._put_back > PUT_BACK_EVERY", "", "bot/telegram/test_receiving.py"),
    # A name in the history is no person's number; a table missing in the migrations is reported.
    Mutation("bot/cli/chat.py", "or name.isdigit()", "", "bot/test_chat.py::test_a_name_stands_in_the_history_of_what_its_bearer_changed"),
    Mutation("storage/migrations/__main__.py", "if SQLModel.metadata.tables:", "if False:", "storage/test_open.py::test_a_table_outside_the_collection_is_told_when_a_version_is_written"),
    # Several processes.
    Mutation("bot/telegram/peers.py", "return now - since > LEASE", "return False", "bot/telegram/test_processes.py"),
    Mutation("bot/telegram/peers.py", "lost = len(others) == len(everybody)", "lost = False", "bot/telegram/test_processes.py"),
    Mutation("bot/telegram/service.py", "look = await self._be_the_only_poller(look)", "pass", "bot/telegram/test_processes.py"),
    Mutation("bot/telegram/intake.py", "if not messages.finish(row.id):", "if False:", "bot/telegram/test_processes.py"),
    Mutation("storage/messages.py", "    | _is_reading(bindparam(\"chat\"))\n", "", "storage/test_people.py"),
    Mutation("storage/messages.py", "_BEFORE.c.process != bindparam(\"me\"),", "_BEFORE.c.process == bindparam(\"me\"),", "storage/test_people.py"),
    Mutation("storage/unit.py", "in zip(wanted, got, strict=True) if free}", "in zip(wanted, got, strict=True)}", "bot/telegram/test_processes.py"),
    Mutation("storage/messages.py", "deferred = is_long(method, file) and", "deferred = False and", "storage/test_jobs.py"),
    Mutation("storage/messages.py", "else (jobs.IN_CHAT, str(chat))", "else (jobs.IN_CHAT, None)", "storage/test_jobs.py"),
    Mutation("storage/jobs.py", " OR job.status = 'doing' AND {_MESSAGE} = ANY(CAST(:messages AS bigint[]))", " OR CAST(:messages AS bigint[]) IS NULL", "storage/test_jobs.py"),
    Mutation("storage/jobs.py", "AND outgoing.process <> '{FOR_A_JOB}'", "AND outgoing.process <> 'x'", "storage/test_jobs.py"),
    Mutation("storage/processes.py", "_NOBODYS | (IS_OPEN", "IS_OPEN | (IS_OPEN", "storage/test_jobs.py"),
    Mutation("storage/processes.py", "        select(OUTGOING.c.id).where(_IS_JOBLESS).exists(),\n", "", "storage/test_jobs.py"),
    Mutation("bot/telegram/sender.py", "if row.id in self._comes_again:", "if True:", "bot/telegram/test_long_work.py"),
    Mutation("bot/telegram/sender.py", "return LONG_TRIES if", "return 1 if", "bot/telegram/test_long_work.py"),
    Mutation("bot/telegram/long_work.py", "last=begun + 1 >= LONG_TRIES", "last=False", "bot/telegram/test_long_work.py"),
    Mutation("bot/telegram/sender.py", " or queue[0] is not row", "", "bot/telegram/test_processes.py"),
    Mutation("bot/telegram/schedule.py", "self.gap = gap * parts", "self.gap = gap", "bot/telegram/test_processes.py"),
    Mutation("storage/messages.py", "    .with_for_update(skip_locked=True)\n", "", "bot/telegram/test_work.py"),
    Mutation("bot/telegram/intake.py", "                unit.tell(UPDATES_WAIT)", "                pass", "bot/telegram/test_work.py"),
    Mutation("bot/telegram/peers.py", "            Processes(unit).end(self.name)\n            unit.tell(LOOK)", "            Processes(unit).end(self.name)", "bot/telegram/test_work.py"),
    Mutation("bot/telegram/limiter.py", "self._waits.append((chat, wait))", "pass", "bot/telegram/test_work.py"),
    Mutation("bot/telegram/budget.py", "1 if self.listening.hears and proved else self.peers.living", "1", "bot/telegram/test_work.py"),
    Mutation("storage/listening.py", "await asyncio.sleep(AGAIN_AFTER)", "return", "bot/telegram/test_work.py"),
    Mutation("bot/telegram/budget.py", "since is None or", "True or", "bot/telegram/test_work.py"),
    Mutation("bot/telegram/schedule.py", "min(full_at + self.gap * weight, now + MOST_HEARD)", "full_at + self.gap * weight", "bot/telegram/test_work.py"),
    Mutation("bot/telegram/sender.py", "waited=waited or row.behind", "waited=waited", "bot/telegram/test_processes.py"),
    Mutation("bot/telegram/sender.py", "            self._ends.pop(row.id, None)\n            raise", "            raise", "bot/telegram/test_long_work.py"),
    Mutation("storage/processes.py", "behind=True) for row in rows)", "behind=False) for row in rows)", "bot/telegram/test_processes.py"),
    Mutation("storage/jobs.py", "    unit.run(HURRY)\n", "", "storage/test_jobs.py"),
    # Which addresses may be fetched, and how much.
    Mutation("bot/files/fetch_rules.py", "MOST_REDIRECTS = 3", "MOST_REDIRECTS = 9", "bot/test_fetch.py"),
    Mutation("bot/files/fetch_rules.py", "len(text) > MOST_LINK", "False", "bot/test_fetch.py"),
    Mutation("bot/files/fetch.py", "cls(rules.most_bytes, ", "cls(10**12, ", "bot/test_fetch.py"),
    Mutation("bot/files/checking.py", "reports[:MOST_FILES]", "reports", "bot/test_check.py"),
    Mutation("bot/files/spreadsheet.py", "if count > MOST_ROWS:", "if False:", "bot/test_spreadsheet.py"),
    Mutation("bot/files/spreadsheet.py", "if len(clean) > MOST_CHARACTERS:", "if False:", "bot/test_spreadsheet.py"),
    Mutation("bot/files/spreadsheet.py", "    cell.data_type = \"s\"\n", "", "bot/test_spreadsheet.py bot/test_report_sheets.py"),
    Mutation("bot/files/report_sheets.py", "dead(v) if isinstance(v, str)", "v if isinstance(v, str)", "bot/test_report_sheets.py"),
    Mutation("bot/cli/export.py", "if ending and out.suffix.lower() != ending:", "if False:", "bot/test_export.py"),
    Mutation("conversations/document/read/own_json.py", "if len(known) < len(pairs):", "if False:", "bot/test_report_json.py"),
    Mutation("conversations/document/read/own_json.py", "or isinstance(value, bool) ", "", "bot/test_report_json.py"),
    Mutation("conversations/document/read/own_json.py", "if key in said and said[key] != stands:", "if False:", "bot/test_report_json.py"),
    Mutation("conversations/talk/moves/documents.py", "session.is_finished if version", "session.final if version", "conversations/test_other_forms.py"),
    Mutation("bot/files/pictures.py", "umask=0o022", "umask=-1", "bot/test_pictures.py"),
    Mutation("bot/files/pictures.py", "MOST_PAGES = 30", "MOST_PAGES = 300", "bot/test_pictures.py"),
    # While the store cannot be written to.
    Mutation("bot/telegram/inbox.py", "outage.wait(self.intake.chats(each))", "pass", "bot/telegram/test_outage.py"),
    Mutation("bot/telegram/inbox.py", "if self.speaks():", "if True:", "bot/telegram/test_outage.py"),
    Mutation("bot/telegram/intake.py", "self.unsure = True", "pass", "bot/telegram/test_outage.py"),
    Mutation("storage/people.py", "MEMBER_RECORD.c.at >= INVITATION.c.created_at", "MEMBER_RECORD.c.at < INVITATION.c.created_at", "storage/test_people.py"),
    Mutation("bot/telegram/outage.py", "chat not in self._told and", "", "bot/telegram/test_outage.py"),
    Mutation("bot/telegram/intake.py", "if not self.store.is_busy(error):", "if True:", "bot/telegram/test_outage.py"),
    Mutation("bot/telegram/intake.py", "messages.put_back(waiting.update_id, dumps(waiting.raw))", "pass", "bot/telegram/test_outage.py"),
    Mutation("storage/store.py", "ReportDamaged | StoreTooNew", "StoreTooNew", "bot/telegram/test_outage.py"),
    Mutation("storage/databases.py", "**({\"poolclass\"", "pool_reset_on_return=None, **({\"poolclass\"", "bot/telegram/test_outage.py"),
    Mutation("bot/telegram/service.py", "look = await self._surely(self.peers.look)", "look = await self.worker.run(self.peers.look)", "bot/telegram/test_outage.py"),
    Mutation("storage/unit.py", "LOCK_NOW if brief else LOCK", "LOCK", "bot/telegram/test_outage.py"),
    Mutation("bot/telegram/talk.py", """call.payload | {"report": handled.report_id}""", "call.payload", "bot/telegram/test_people.py::test_what_names_no_organ_is_not_sent_either"),
    # The history.
    Mutation("storage/verify.py", "stored != expected", "False", "storage/test_chain.py"),
    Mutation("storage/verify.py", "max(known) > newest", "False", "storage/test_chain.py"),
    Mutation("storage/verify.py", "except (TypeError, ValueError):", "except ZeroDivisionError:", "storage/test_chain.py"),
    Mutation("storage/verify.py", "    if missing:", "    if False:", "storage/test_chain.py"),
    Mutation("storage/verify.py", "if stray is not None:", "if False:", "storage/test_chain.py"),
    Mutation("storage/migrations/versions/0006_chain.py", "WHEN {there}", "WHEN 0", "storage/test_chain.py"),
    Mutation("storage/unit.py", "            self._links.clear()\n", "", "storage/test_chain.py"),
    # Files from outside.
    Mutation("bot/files/child.py", "signal.setitimer(signal.ITIMER_REAL, BUSY * seconds)", "pass", "bot/test_child.py"),
    Mutation("bot/files/child.py", "(resource.RLIMIT_CPU, processor, resource.RLIM_INFINITY),", "", "bot/test_child.py"),
    Mutation("bot/files/child.py", "(resource.RLIMIT_AS, MEMORY, MEMORY),", "", "bot/test_child.py"),
    Mutation("bot/files/child.py", "begun + BUSY * seconds + PATIENCE", "begun + 1e9", "bot/test_child.py"),
    Mutation("bot/files/child.py", "MOST_WORK = 50", "MOST_WORK = 10**9", "bot/test_child.py"),
    Mutation("bot/files/child.py", 'env={"PYTHONPATH"', 'env={**os.environ, "PYTHONPATH"', "bot/test_child.py"),
    Mutation("bot/files/plain.py", "if module.startswith(ROOM) else None", "", "bot/test_child.py"),
    Mutation("bot/files/plain.py", "is_dataclass(found) or issubclass(found, Enum)", "True", "bot/test_child.py"),
    Mutation("bot/files/documents.py", "result = str(error)", "raise", "bot/telegram/test_files.py"),
    Mutation("bot/telegram/own_template.py", "return organ.closed_at is None and talk.access(screen).speaks_for(organ.id)", "return True", "bot/telegram/test_own_template.py"),
    Mutation("bot/telegram/own_template.py", "if found is None or not talk.access(screen).speaks_for(found.organ_id):", "if found is None:", "bot/telegram/test_own_template.py"),
    Mutation("storage/templates.py", ".order_by(up.c.steps, TEMPLATE.c.id.desc())", ".order_by(TEMPLATE.c.id.desc())", "storage/test_templates.py"),
    Mutation("bot/files/checking.py", " or self.read.reports_in_file > 1", "", "bot/test_check.py"),
    Mutation("bot/files/pictures.py", "(Crashed if code in CRASHED else PictureError)", "PictureError", "bot/test_pictures.py"),
    Mutation("bot/files/pictures.py", "(child.MEMORY, child.MEMORY)", "(-1, -1)", "bot/test_pictures.py"),
    Mutation("bot/telegram/fetching.py", "self._unfetched[row.id] < ATTEMPTS", "True", "bot/telegram/test_files.py"),
    Mutation("bot/telegram/fetching.py", "(BadRequest, Forbidden) as error", "BadRequest as error", "bot/telegram/test_files.py"),
    Mutation("bot/telegram/fetching.py", "<= READINGS", "<= 9", "bot/telegram/test_files.py"),
    Mutation("bot/telegram/fetching.py", "attempts=broken_off)", "attempts=broken_off + 1)", "bot/telegram/test_files.py"),
    Mutation("bot/files/child.py", "os.killpg(0, signal.SIGKILL)", "return", "bot/test_child.py"),
    Mutation("bot/telegram/fetching.py", "async with self._room, showing", "async with showing", "bot/telegram/test_files.py"),
    # The comparison with the published report.
    Mutation("conversations/sign_off/compare.py", "figure is None or cell in doubtful", "figure is None", "conversations/test_compare.py"),
    Mutation("conversations/sign_off/compare.py", "if theirs.reports_in_file > 1:", "if False:", "conversations/test_compare.py"),
    Mutation("conversations/sign_off/compare.py", "    if theirs.doubtful:", "    if False:", "conversations/test_compare.py"),
    Mutation("conversations/sign_off/compare.py", "    if theirs.leftover:", "    if False:", "conversations/test_compare.py"),
    Mutation("conversations/sign_off/compare.py", "if theirs.edition != form.edition or theirs.old_rows:", "if False:", "conversations/test_compare.py"),
    Mutation("conversations/sign_off/compare.py", "unsure = [item for item in differ if item in unreadable]", "unsure = []", "conversations/test_compare.py"),
    Mutation("conversations/sign_off/compare.py", "if 2 * same >= sum(map(len, sentences)):", "if True:", "conversations/test_compare.py"),
    Mutation("conversations/talk/moves/publication.py", "if not turn.unread.address and turn.session.sign_off.publication is None:", "if False:", "bot/test_published.py"),
    Mutation("conversations/sign_off/compare.py", "    texts += _labels(form, theirs)", "    pass", "conversations/test_compare.py"),
    Mutation("conversations/sign_off/compare.py", "theirs.marked_title or theirs.title", "theirs.title", "conversations/test_compare.py"),
    Mutation("conversations/sign_off/compare.py", "(said[last], *theirs.below)", "(said[last],)", "conversations/test_compare.py"),
    Mutation("conversations/talk/moves/publication.py", "if said := refusal(turn.session, (Decide(Deed.PUBLISH),)):\n        turn.note(said)\n    elif", "if", "bot/test_published.py"),
    Mutation("bot/files/received.py", "return NotRead(name, UnreadableReason.FOREIGN.value, link) if link else event", "return event", "bot/telegram/test_published.py"),
    # The store.
    Mutation("bot/__main__.py", "os.umask(NOTHING_FOR_OTHERS)", "pass", "bot/test_rights.py"),
    Mutation("bot/cli/rights.py", "mode & NOTHING_FOR_OTHERS", "False", "bot/test_rights.py"),
    Mutation("storage/databases.py", "file.is_file() and not _is_writable(file)", "False", "bot/test_damage.py"),
    Mutation("storage/people.py", "return used.rowcount == 1", "return True", "storage/test_people.py bot/telegram/test_members.py"),
    Mutation("storage/people.py", "hash=token_hash(token)", "hash=token", "storage/test_people.py"),
    Mutation("storage/unit.py", "            self._seen.clear()\n            self.forget()\n            self._links.clear()\n", "", "storage/test_reports.py"),
    Mutation("storage/unit.py", "            self._locked.clear()\n            raise", "            raise", "storage/test_reports.py"),
    Mutation("storage/store.py", "with connection.begin():\n                        yield connection", "with connection.begin() as begun:\n                        try:\n                            yield connection\n                        except Exception:\n                            begun.commit()\n                            raise", "storage/test_reports.py"),
    Mutation("bot/telegram/intake.py", "with unit.savepoint():\n                    dispatch(", "if True:\n                    dispatch(", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/intake.py", "with unit.savepoint():\n                    talk", "if True:\n                    talk", "bot/telegram/test_delivery.py bot/telegram/test_last_year.py bot/telegram/test_talking.py"),
    Mutation("storage/memory.py", "CAPACITY = 512", "CAPACITY = 512_000", "storage/test_reports.py"),
    Mutation("storage/people.py", "            ~exists().where(MEMBER.c.person_id == PERSON.c.id),\n", "", "storage/test_people.py"),
    Mutation("storage/people.py", "            ~exists().where(INVITATION.c.bound_to == PERSON.c.id),\n", "", "storage/test_people.py"),
    Mutation("storage/prepared.py", "connection.invalidate(error)", "pass", "storage/test_reports.py"),
    Mutation("storage/unit.py", "            self.run(SAVEPOINT)\n", "", "storage/test_reports.py"),
    Mutation("storage/unit.py", "if not self._locks or report_id in self._locked:\n            super", "if True:\n            super", "storage/test_people.py"),
    Mutation("storage/unit.py", "        self._beside.clear()\n        self._heads.clear()\n", "        self._beside.clear()\n", "storage/test_people.py"),
    Mutation("bot/handle.py", "if unit.somebody_sleeps(report_id):", "if False:", "bot/telegram/test_statements.py"),
    # The conversation.
    Mutation("conversations/talk/session.py", "[-BACK_LIMIT:]", "[:]", "conversations/test_machine_bounds.py"),
    Mutation("conversations/talk/moves/findings.py", "*marks)[-TOLD_LIMIT:]", "*marks)", "conversations/test_machine_bounds.py conversations/test_machine_going.py"),
    Mutation("conversations/talk/moves/findings.py", "len(text) > REASON_LIMIT", "False", "conversations/test_machine_bounds.py conversations/test_machine_going.py"),
    Mutation("conversations/talk/moves/turn.py", "self.reading.text != text", "False", "conversations/test_machine_sections.py"),
    Mutation("bot/files/checking.py", "signal.signal(signal.SIGINT, signal.SIG_IGN)", "pass", "bot/test_check.py"),
    Mutation("storage/verify.py", "HISTORY.c.hash == bindparam(\"hash\"),", "", "storage/test_chain.py"),
    Mutation("conversations/talk/moves/turn.py", "found > most", "False", "conversations/test_machine_bounds.py conversations/test_machine_going.py"),
    Mutation("conversations/talk/moves/going.py", "in_rows(hits[:MOST_HITS], 2)", "in_rows(hits, 2)", "conversations/test_machine_bounds.py conversations/test_machine_going.py"),
    Mutation("conversations/wording/talk.py", "in changes[:MOST_CHANGES]", "in changes", "conversations/test_machine_bounds.py"),
    # Typed answers.
    Mutation("conversations/answers/answer.py", "len(text) > LONGEST_ANSWER", "False", "conversations/test_parsing_answers.py conversations/test_parsing_figures.py conversations/test_parsing_properties.py"),
    Mutation("conversations/answers/figure.py", "len(core) > LONGEST_FIGURE", "False", "conversations/test_parsing_answers.py conversations/test_parsing_figures.py conversations/test_parsing_properties.py"),
    Mutation("conversations/answers/figure.py", "MAX_COUNT = 999_999_999", "MAX_COUNT = 9_999_999_999", "conversations/test_parsing_answers.py conversations/test_parsing_figures.py conversations/test_parsing_properties.py"),
    Mutation("conversations/answers/figure.py", "MAX_FEE = Decimal(99_999_999)", "MAX_FEE = Decimal(999_999_999)", "conversations/test_parsing_answers.py conversations/test_parsing_figures.py conversations/test_parsing_properties.py"),
    Mutation("conversations/answers/figure.py", "MAX_DECIMALS = 6", "MAX_DECIMALS = 9", "conversations/test_parsing_answers.py conversations/test_parsing_figures.py conversations/test_parsing_properties.py"),
    # The size of files that are read.
    Mutation("conversations/document/read/docx.py", 'data.count(b"PK\\x01\\x02") > MAX_ENTRIES * 2', "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/docx.py", "len(infos) > MAX_ENTRIES", "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/docx.py", "_part(archive, main, MAX_PART)", "_part(archive, main, 10**9)", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/docx.py", "> MAX_NODES", "> 10**9", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/docx.py", "depth > MAX_DEPTH", "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/html.py", "len(data) > MAX_PAGE", "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/html.py", 'data.count(b"<") > MAX_TAGS', "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/html.py", "depth > MAX_DEPTH", "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/text.py", "len(data) > MAX_TEXT", "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/text.py", "len(lines) > MAX_LINES", "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/blocks.py", "boxes > MAX_CELLS", "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/pdf.py", "len(pdf.pages) > MAX_PAGES", "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/pdf.py", "len(chars) > MAX_CHARS", "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/pdf.py", "len(page.edges) <= MAX_EDGES", "True", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/pdf.py", "if size > MAX_STREAM or total", "if total", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/pdf.py", "total > MAX_STREAMS", "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/pdf.py", "drawn > MAX_DRAWN", "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/open.py", "index > MAX_MESSAGE_PARTS", "False", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/understand.py", "[:MAX_LEFTOVER]", "", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/clean.py", "[:MAX_MARKS]", "", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/labels.py", "self._garbled < MOST_GARBLED", "True", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/readings.py", "len(self.differences) < MOST_DIFFERENCES and ", "", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/read/shell.py", "[:MOST_LINKS]", "", "conversations/test_reading_bounds.py"),
    Mutation("conversations/document/write/prepare.py", "len(entries) > MOST_PARTS", "False", "conversations/test_document_template.py"),
    Mutation("conversations/document/write/prepare.py", "sum(info.file_size for info in entries) > LARGEST", "False", "conversations/test_document_template.py"),
    # The sum over the organs below.
    Mutation("conversations/county/summing.py", "if not below.counts_in:", "if False:", "conversations/test_county_sum.py"),
    Mutation("conversations/county/summing.py", "if report.edition != form.edition:", "if False:", "conversations/test_county_sum.py"),
    Mutation("conversations/county/summing.py", "if cell not in self.form.sums and value >= 0", "if cell not in self.form.sums", "conversations/test_county_sum.py"),
    Mutation("conversations/county/correcting.py", "or read.converted or not", "or not", "conversations/test_county_sum.py"),
    Mutation("conversations/talk/offered_sum.py", "return bool(pending.typed.get(cell)) and", "return False and", "conversations/test_machine_sum.py"),
    Mutation("conversations/talk/moves/summing.py", "and is_own(session, cell)", "and True", "conversations/test_machine_sum.py"),
    Mutation("bot/county/sum_view.py", "if not asker.access.may(Action.WRITE, self.organ_id):", "if False:", "bot/telegram/test_county_sum.py"),
    # Pictures: an unknown figure is not 0; a missing year is not replaced by the year before.
    Mutation("conversations/form/main_figures.py", "if len(known) == len(parts) else None", "", "conversations/test_year_picture.py"),
    Mutation("conversations/wording/pictures.py", "if years[-1] - years[-2] == 1", "if True", "conversations/test_year_picture.py"),
    Mutation("conversations/talk/year_picture.py", "if each <= year", "", "conversations/test_year_picture.py"),
    Mutation("bot/telegram/attachments.py", "shortened(drawing.says, CAPTION_LIMIT)", "drawing.says", "bot/test_charts.py"),
    # Metrics: a scrape costs the database little and delays no work.
    Mutation("bot/watching/health.py", "now - self._sight.ended < FRESH", "False", "bot/telegram/test_watching.py"),
    Mutation("bot/watching/health.py", "if self._looking is None:", "if True:", "bot/telegram/test_watching.py"),
    Mutation("bot/watching/health.py", "(self._looking,), timeout=PATIENCE", "(self._looking,)", "bot/telegram/test_watching.py"),
    Mutation("bot/watching/health.py", "gauge.set(math.nan)", "pass", "bot/telegram/test_watching.py"),
    Mutation("bot/telegram/service.py", "if silent > LOST_AFTER:", "if False:", "bot/telegram/test_watching.py"),
    # The doctor only reads, and prints no secrets.
    Mutation("bot/doctor/store.py", "if version == migrations.HEAD:", "if True:", "bot/test_doctor.py"),
    Mutation("bot/doctor/store.py", "if is_missing(database):", "if False:", "bot/test_doctor.py"),
    Mutation("bot/doctor/telegram.py", "parts.netloc.rpartition('@')[2]", "parts.netloc", "bot/test_doctor.py"),
    # Deploying: what an image contains, what reaches a process, what an upgrade leaves.
    Mutation(".dockerignore", "\n*\n", "\n", "test_deploy.py"),
    Mutation("deploy/Containerfile", "USER 10001", "USER 0", "test_deploy.py"),
    Mutation("deploy/nginx.conf", " non_idempotent", "", "test_deploy.py"),
    Mutation("deploy/nginx.conf", "limit_except POST {\n            deny all;\n        }", "", "test_deploy.py"),
    Mutation("deploy/nginx.conf", "proxy_read_timeout 30s", "proxy_read_timeout 20s", "test_deploy.py"),
    Mutation("deploy/nianbao.service", "TimeoutStopSec=15", "TimeoutStopSec=3", "test_deploy.py"),
    Mutation("deploy/upgrade.sh", "trap put_back EXIT", ":", "test_deploy.py"),
    Mutation("deploy/upgrade.sh", "trap 'exit 2' HUP INT TERM", ":", "test_deploy.py"),
    Mutation("deploy/upgrade.sh", "    migrate\n    trap", "    trap", "test_deploy.py"),
    Mutation("deploy/upgrade.sh", "cat \"$stopped\" 2>/dev/null || true", ":", "test_deploy.py"),
    Mutation("deploy/upgrade.sh", "git status --porcelain", "git status --porcelain no-such-file", "test_deploy.py"),
    Mutation("deploy/upgrade.sh", "as_account .venv/bin/nianbao backup \"$backup\" --if-any ||", "false ||", "test_deploy.py"),
    Mutation("bot/__main__.py", "        frame.check_place(options)\n", "", "bot/test_command_line.py::test_a_folder_and_a_database_together_are_refused_naming_both"),
    Mutation("bot/__main__.py", "            ending.listen()\n", "            pass\n", "bot/test_command_line.py::test_ctrl_c_ends_what_waits_for_a_lock_of_the_database"),
    Mutation("bot/__main__.py", "    _open_closed_streams()\n", "", "bot/test_command_line.py::test_a_closed_stream_leads_nowhere"),
    Mutation("bot/cli/frame.py", "if not text.strip():", "if False:", "bot/test_command_line.py::test_a_folder_that_is_none_is_refused"),
    Mutation("bot/cli/frame.py", "target = \":memory:\"", "pass", "bot/test_damage.py::test_whatever_only_looks_leaves_everything_as_it_was"),
)  # fmt: skip


def fails(copy: Path, tests: str) -> str:
    """
    The output of the tests if one of them fails, otherwise "".
    """
    options = ["-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *(f"tests/{name}" for name in tests.split())],
        cwd=copy,
        env=environment(),
        capture_output=True,
        check=False,
    )
    shown = done.stdout.decode() + done.stderr.decode()
    if done.returncode not in (0, 1):
        raise SystemExit(shown)
    return shown if done.returncode else ""


def killed(copy: Path, mutation: Mutation) -> bool:
    """
    Whether the tests fail without the protection.
    """
    file = copy / mutation.file
    source = file.read_text(encoding="utf-8")
    if mutation.text not in source:
        raise SystemExit(f"{mutation.file} no longer holds: {mutation.text}")
    file.write_text(source.replace(mutation.text, mutation.replacement), encoding="utf-8")
    try:
        return bool(fails(copy, mutation.tests))
    finally:
        file.write_text(source, encoding="utf-8")


def main(only: str) -> int:
    chosen = [mutation for mutation in MUTATIONS if only in " ".join(mutation)]
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
        for tests in dict.fromkeys(mutation.tests for mutation in chosen):
            if shown := fails(copy, tests):
                raise SystemExit(f"with every protection in place:\n{shown}")
        for mutation in chosen:
            dead = killed(copy, mutation)
            print("dies " if dead else "LIVES", mutation.file, repr(mutation.text), flush=True)
            if not dead:
                survivors.append(mutation)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutations die")
    return bool(survivors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
