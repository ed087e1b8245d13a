"""Why a file or link gives nothing; the message is the sentence for the person."""


class UnreadableFile(Exception):  # noqa: N818
    """A file without a report or text in it for us."""


class BrokenOff(UnreadableFile):
    """The process that read it died, which may be no fault of the file's: another try may help."""
