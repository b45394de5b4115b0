"""ClickHouse's errors as its HTTP interface shows them."""

import re

_CODE = re.compile(r"^Code: (\d+)\. ")
# How an error inside an INSERT's data is wrapped, and how it shows that data came through a pipe.
_WRAPPED = re.compile(r"^Code: (\d+)\. DB::Exception: (Code: \1\. .*) \(version [^)]*\)\. \([A-Z0-9_]+\)$", re.DOTALL)
_PIPE = re.compile(r": \(in file/uri /proc/self/fd/\d+\)|(?:: While executing File)?: data for INSERT was parsed from file")
_NAME = re.compile(r"\(([A-Z][A-Z0-9_]+)\)\s*(?:\(version [^)]*\)\.?)?\s*$")

# The server's own mapping, by error name; what is in none of these is 500.
_STATUS = {
    401: {"REQUIRED_PASSWORD"},
    403: {"UNKNOWN_USER", "WRONG_PASSWORD", "AUTHENTICATION_FAILED", "SET_NON_GRANTED_ROLE", "ACCESS_DENIED"},
    400: {
        "BAD_ARGUMENTS", "CANNOT_COMPILE_REGEXP", "CANNOT_PARSE_TEXT", "CANNOT_PARSE_ESCAPE_SEQUENCE",
        "CANNOT_PARSE_QUOTED_STRING", "CANNOT_PARSE_DATE", "CANNOT_PARSE_DATETIME", "CANNOT_PARSE_NUMBER",
        "CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING", "CANNOT_PARSE_IPV4", "CANNOT_PARSE_IPV6",
        "CANNOT_PARSE_INPUT_ASSERTION_FAILED", "CANNOT_PARSE_UUID", "DUPLICATE_COLUMN", "ILLEGAL_COLUMN",
        "UNKNOWN_ELEMENT_IN_AST", "UNKNOWN_TYPE_OF_AST_NODE", "THERE_IS_NO_COLUMN", "TOO_DEEP_AST",
        "TOO_BIG_AST", "UNEXPECTED_AST_STRUCTURE", "SYNTAX_ERROR", "INCORRECT_DATA", "TYPE_MISMATCH",
        "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
    },
    404: {
        "UNKNOWN_TABLE", "UNKNOWN_FUNCTION", "UNKNOWN_IDENTIFIER", "UNKNOWN_TYPE", "UNKNOWN_STORAGE",
        "UNKNOWN_DATABASE", "UNKNOWN_SETTING", "UNKNOWN_DIRECTION_OF_SORTING", "UNKNOWN_AGGREGATE_FUNCTION",
        "UNKNOWN_FORMAT", "UNKNOWN_DATABASE_ENGINE", "UNKNOWN_TYPE_OF_QUERY", "UNKNOWN_ROLE",
    },
    408: {"TIMEOUT_EXCEEDED"},
    411: {"HTTP_LENGTH_REQUIRED"},
    413: {"QUERY_IS_TOO_LARGE"},
    415: {"UNSUPPORTED_MEDIA_TYPE"},
    501: {"NOT_IMPLEMENTED"},
    503: {"SOCKET_TIMEOUT", "CANNOT_OPEN_FILE", "CANNOT_SCHEDULE_TASK"},
}  # fmt: skip


class ServerError(Exception):
    """An error with a code, a name and a text, as the server would send it.

    `message` is what stands between ``DB::Exception:`` and the name in brackets.
    """

    def __init__(self, code: int, name: str, message: str):
        super().__init__(message)
        self.code, self.name = code, name
        self.text = f"Code: {code}. DB::Exception: {message}. ({name})"

    @property
    def status(self) -> int:
        """The HTTP status that the server gives this error."""
        return next((status for status, names in _STATUS.items() if self.name in names), 500)

    def body(self, version: str) -> bytes:
        """The text a client reads, with the engine's version and a line break."""
        return f"{self.text} (version {version})\n".encode()


def from_engine(failure: BaseException) -> ServerError:
    """Turns what the engine raised into a `ServerError`, its text as a server would put it.

    A failure without a code is the engine's own (1001, STD_EXCEPTION).
    """
    text = str(failure).strip()
    while wrapped := _WRAPPED.match(text):
        text = wrapped.group(2)
    text = _PIPE.sub("", text)
    code, name = _CODE.match(text), _NAME.search(text)
    error = ServerError(int(code.group(1)) if code else 1001, name.group(1) if name else "STD_EXCEPTION", text)
    if code:
        error.text = text
    return error
