"""What finds that something is not as it was, by the names of the threat model."""

from enum import StrEnum


class Detector(StrEnum):
    """What finds that something is not as it was."""

    LEAF = "LEAF"
    ROOT = "ROOT"
    SIGNATURE = "SIG"
    OUTSIDE = "ANCH"
    LANE = "STRM"
    COLUMN = "COL"
    DELAY = "MMD"
    CODE = "MAC"
    ERASURE = "ERAS"
    SCHEMA = "SCHEMA"
    RULE = "RULE"
    RECEIPT = "RCPT"
    COVERAGE = "COVER"
    TIME = "TIME"
    INDEX = "INDEX"
    WITNESS = "WIT"
