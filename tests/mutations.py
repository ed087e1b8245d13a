"""
Take each protection out in turn: some test must notice. `make mutations`.

The product is changed in a copy, never in place. Survivors are listed at the end; `ONLY=text`
tries only the rows that hold the text. A row whose text is gone is an error: the protection
has moved, and so must its row.
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
    A text of a file, what takes its place, and the tests that must fail then.
    """

    file: str
    text: str
    replacement: str
    tests: str


MUTATIONS = (
    # Reminders: leases and what is claimed ahead.
    Mutation("bot/reminding/claim.py", "lease - SAFETY", "lease", "bot/test_courier.py"),
    Mutation("bot/reminding/claim.py", "unsent.lease <= now", "False", "bot/test_reminding.py"),
    Mutation("bot/reminding/claim.py", "min(lease - SAFETY, evening)", "lease - SAFETY", "bot/test_reminding.py"),
    Mutation("bot/telegram/courier.py", "per_second * AHEAD", "per_second * 60", "bot/test_courier.py"),
    # Roles.
    Mutation("bot/telegram/talk.py", "if not screen.member and person not in self.door.admins:", "if False:", "bot/telegram/test_members.py"),
    Mutation("bot/telegram/talk.py", "return report is not None and self.is_of(screen, report[0])", "return report is not None", "bot/telegram/test_members.py"),
    Mutation("bot/telegram/talk.py", "not self.is_of(screen, screen.report_organ)", "False", "bot/telegram/test_members.py"),
    Mutation("bot/telegram/members.py", 'event.name == "organ" and everywhere', 'event.name == "organ"', "bot/telegram/test_members.py"),
    Mutation("bot/telegram/members.py", "if screen.person not in talk.door.admins and name not in mine:", "if False:", "bot/telegram/test_members.py"),
    Mutation("bot/task_door.py", "named is None", "False", "bot/test_task_door.py"),
    Mutation("bot/task_door.py", "if report_id is None or not asker.administers(report_id):\n            return Reply", "if report_id is None:\n            return Reply", "bot/test_task_door.py"),
    Mutation("bot/task_door.py", "len(accepted) >= MOST_NUDGED", "False", "bot/test_task_door.py bot/test_reminding_chat.py"),
    # Limits of the phone.
    Mutation("bot/telegram/talk.py", "return count < GUESSES", "return True", "bot/telegram/test_members.py"),
    Mutation("bot/telegram/talk.py", "now - since > timedelta(hours=1)", "False", "bot/telegram/test_members.py"),
    Mutation("bot/telegram/dispatch.py", "and len(stripped) <= COMMAND_LIMIT", "", "bot/telegram/test_talking.py"),
    Mutation("bot/telegram/webhook.py", "hmac.compare_digest(given, secret)", "True", "bot/telegram/test_serve.py bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/webhook.py", "len(body) > BODY_LIMIT", "False", "bot/telegram/test_serve.py bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/sender.py", "while self.intake.has_marks:", "if True:", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/sender.py", 'maybe_sent and row.method == "sendMessage"', "False", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/sender.py", "strange >= ATTEMPTS", "False", "bot/telegram/test_delivery.py"),
    Mutation("bot/telegram/schedule.py", "len(self._strangers) >= STRANGERS", "False", "bot/test_strangers.py"),
    Mutation("bot/telegram/decorations.py", "LOW = Permit(Priority.STRANGER)", "LOW = Permit(Priority.REMINDER)", "bot/test_strangers.py"),
    Mutation("bot/telegram/inbox.py", "await self._take_singly(do, updates)", "pass", "bot/telegram/test_going_on.py"),
    Mutation("bot/telegram/receiving.py", "isinstance(error, InvalidToken) and not self.last_heard", "isinstance(error, InvalidToken)", "bot/telegram/test_going_on.py"),
    Mutation("bot/telegram/receiving.py", "if there and not take_over:", "if False:", "bot/telegram/test_serve.py"),
    Mutation("bot/telegram/receiving.py", "now - since >= SETTLED", "False", "bot/telegram/test_receiving.py"),
    Mutation("bot/telegram/receiving.py", "and now - self._put_back > PUT_BACK_EVERY", "", "bot/telegram/test_receiving.py"),
    # What may be fetched.
    Mutation("bot/files/fetch_rules.py", "MOST_REDIRECTS = 3", "MOST_REDIRECTS = 9", "bot/test_fetch.py"),
    # While the store cannot be written.
    Mutation("bot/telegram/outage.py", "chat not in self._told and", "", "bot/telegram/test_outage.py"),
    Mutation("bot/telegram/intake.py", "if not self.store.is_busy(error):", "if True:", "bot/telegram/test_outage.py"),
    Mutation("bot/telegram/intake.py", "messages.put_back(waiting.update_id, dumps(waiting.raw))", "pass", "bot/telegram/test_outage.py"),
    Mutation("storage/unit.py", "LOCK_NOW if brief else LOCK", "LOCK", "bot/telegram/test_outage.py"),
    # The store.
    Mutation("bot/__main__.py", "os.umask(NOTHING_FOR_OTHERS)", "pass", "bot/test_rights.py"),
    Mutation("bot/cli/rights.py", "mode & NOTHING_FOR_OTHERS", "False", "bot/test_rights.py"),
    Mutation("storage/databases.py", "file.is_file() and not _is_writable(file)", "False", "bot/test_damage.py"),
    Mutation("storage/people.py", "return used.rowcount == 1", "return True", "storage/test_people.py bot/telegram/test_members.py"),
    Mutation("storage/people.py", "hash=token_hash(token)", "hash=token", "storage/test_people.py"),
    Mutation("storage/people.py", "            ~exists().where(MEMBER.c.person_id == PERSON.c.id),\n", "", "storage/test_people.py"),
    Mutation("storage/people.py", "            ~exists().where(INVITATION.c.bound_to == PERSON.c.id),\n", "", "storage/test_people.py"),
    # The talk.
    Mutation("conversations/talk/session.py", "[-BACK_LIMIT:]", "[:]", "conversations/test_machine_bounds.py"),
    Mutation("conversations/talk/moves/findings.py", "[-PARKED_LIMIT:]", "[:]", "conversations/test_machine_bounds.py conversations/test_machine_going.py"),
    Mutation("conversations/talk/moves/findings.py", "len(text) > REASON_LIMIT", "False", "conversations/test_machine_bounds.py conversations/test_machine_going.py"),
    Mutation("conversations/talk/moves/texts.py", "len(whole) > TEXT_LIMIT", "False", "conversations/test_machine_bounds.py conversations/test_machine_going.py"),
)  # fmt: skip


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
        tests = [f"tests/{name}" for name in mutation.tests.split()]
        options = ["-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=copy,
            env=environment(),
            capture_output=True,
            check=False,
        )
    finally:
        file.write_text(source, encoding="utf-8")
    if done.returncode not in (0, 1):
        raise SystemExit(done.stdout.decode() + done.stderr.decode())
    return done.returncode == 1


def main(only: str) -> int:
    chosen = [mutation for mutation in MUTATIONS if only in " ".join(mutation)]
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "var", "__pycache__"))
        for mutation in chosen:
            dead = killed(copy, mutation)
            print("dies " if dead else "LIVES", mutation.file, repr(mutation.text), flush=True)
            if not dead:
                survivors.append(mutation)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutations die")
    return bool(survivors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
