"""Makes the files that rows ask for, in threads, while other rows are sent."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from bot.files.pictures import printed
from bot.telegram.intake import Intake
from bot.telegram.worker import Worker
from bot.watching import metrics
from conversations.talk.other_forms import PDF
from storage.sign_off import Version


class Maker:
    """Documents in their formats; `store` is the store's thread, `painter` that of LibreOffice."""

    def __init__(self, intake: Intake, store: Worker, files: Worker, painter: Worker) -> None:
        self.intake = intake
        self.store = store
        self.files = files
        self.painter = painter

    async def made(self, payload: dict[str, Any]) -> tuple[str, bytes, str]:
        """
        A document; that of a step of sign-off is made once and kept. A PDF is made from it.

        Returns:
            Its name, its bytes, and an addition to its caption.

        Raises:
            TemplateError: As `Intake.made`.
            PictureError: There is no PDF.
        """
        name, content = await self._document(payload)
        if payload.get("form") != PDF:
            return name, content, ""
        with metrics.document("pdf"):
            pdf = await self.painter.run(printed, content)
        name = str(PurePath(name).with_suffix(".pdf"))
        return name, pdf.content, pdf.said

    async def _document(self, payload: dict[str, Any]) -> tuple[str, bytes]:
        version: int = payload.get("version", 0)
        kept = await self.store.run(self.intake.version, version) if version else None
        if kept is None:
            with metrics.document("word"):
                name, content = await self.files.run(self.intake.made, payload)
            if not version:
                return name, content
            made = Version(name, content)
            kept = await self.store.run(self.intake.keep_version, version, made)
        return payload["name"], kept.content
