"""One base error. Each says what is wrong, where, and what to do about it."""


class CleanGovError(Exception):
    """Anything this plugin refuses.

    :param what: what is wrong, one sentence.
    :param where: file, line, record or field; empty where there is none.
    :param remedy: what to do about it; empty where nothing can be done.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        parts = (f"{self.where}: {self.what}" if self.where else self.what, self.remedy)
        return " ".join(part for part in parts if part)

    def said(self, language: str) -> str:
        """Say it to a person; what has no words in their language is said in English.

        :param language: BCP 47 tag.
        """
        del language
        return str(self)


class InvalidEvent(CleanGovError):
    """An event that is not what the contract says."""


class RuleError(CleanGovError):
    """A rule file or a rule that cannot be accepted."""


class SettingsError(CleanGovError):
    """A setting that is unknown, missing or out of range."""


class SchemaError(CleanGovError):
    """Tables that are missing, older or newer than this code."""


class IntakeError(CleanGovError):
    """Foreign data that cannot be read."""


class AnswerRefused(CleanGovError):
    """An answer that does not fit its prompt, its person or its time."""
