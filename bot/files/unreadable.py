"""Why a file or link cannot be used; the message is the sentence for the person."""


class UnreadableFile(Exception):  # noqa: N818
    """A file without a usable report or text."""


class BrokenOff(UnreadableFile):
    """The process that read it died, perhaps not because of the file: another try may help."""
