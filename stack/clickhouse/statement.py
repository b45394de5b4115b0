"""Finds out what one SQL text is, without running it.

The front must know three things before it hands a text to the engine: whether
rows come back (they then stream out through a pipe), whether rows follow the
text (they then stream in through a pipe), and whether the engine must not see
it at all. A small lexer answers all three; everything else is left to the
engine's own parser, whose error messages reach the client unchanged.
"""

import re
from dataclasses import dataclass
from typing import Iterator, Optional

from .errors import ServerError

# What is opened and never closed reaches to the end, so that no text is scanned twice.
_TOKEN = re.compile(
    rb"""
    (?P<space>[\s\x00]+|--[^\n]*|\#[ !][^\n]*|/\*(?:.*?\*/|.*))
  | (?P<string>'(?:[^'\\]|\\.|'')*'?)
  | (?P<quoted>"(?:[^"\\]|\\.|"")*"?|`(?:[^`\\]|\\.|``)*`?)
  | (?P<heredoc>\$(?P<tag>\w*)\$(?:.*?\$(?P=tag)\$|.*))
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<number>[0-9][0-9A-Za-z_.]*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_ROWS = {"SELECT", "WITH", "FROM", "("}
_INSERT_TAIL = {"SETTINGS", "VALUES", "FORMAT", "SELECT", "WITH", "FROM", "WATCH", "PARTITION"}


@dataclass(frozen=True)
class Token:
    """One significant token: `text` is upper case for words, `depth` counts brackets."""

    kind: str
    text: str
    start: int
    end: int
    depth: int


@dataclass(frozen=True)
class Statement:
    """A classified SQL text; every offset counts bytes.

    ``kind`` is ``rows`` (a result streams out), ``insert`` (data follows the text) or
    ``other``. A file clause goes in at ``splice``. For an ``insert``, ``tail`` is where
    its FORMAT or VALUES begins and ``data`` where its inline data do. ``format`` is the
    name in its FORMAT clause, empty where there is none.
    """

    kind: str
    text: bytes
    splice: int = 0
    tail: int = 0
    data: int = 0
    format: str = ""

    def reading_from(self, path: str) -> bytes:
        """The INSERT, with its data taken from `path` instead of from the text."""
        clause = f" FROM INFILE '{path}' COMPRESSION 'none' ".encode()
        settings = self.text[self.splice : self.tail]
        return self.text[: self.splice] + clause + settings + f" FORMAT {self.format}".encode()

    def writing_to(self, path: str) -> bytes:
        """The query, with its result written to `path`."""
        clause = f"\nINTO OUTFILE '{path}' APPEND COMPRESSION 'none' ".encode()
        return self.text[: self.splice] + clause + self.text[self.splice :]


def tokens(text: bytes) -> Iterator[Token]:
    """Yields the tokens of `text` that mean something, lazily."""
    depth = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup if match.lastgroup != "tag" else "heredoc"
        if kind == "space":
            continue
        value = match.group().decode("latin-1")
        if kind == "word":
            value = value.upper()
        if value in ")]}":
            depth -= 1
        yield Token(kind, value, match.start(), match.end(), depth)
        if value in "([{":
            depth += 1


def classify(text: bytes) -> Statement:
    """Classifies `text`; raises `ServerError` for what the front refuses."""
    stream = tokens(text)
    first = next(stream, None)
    if first is None or first.text == ";":
        raise ServerError(62, "SYNTAX_ERROR", "Syntax error: failed at position 1 (end of query): Empty query")
    if first.text == "INSERT":
        insert = _insert(text, stream)
        if insert is not None:
            return insert
    rest = list(tokens(text))
    _refuse(rest)
    end = next((token.start for token in rest if token.text == ";"), len(text))
    splice, named = end, ""
    for position, token in enumerate(rest):
        if token.depth == 0 and token.text == "FORMAT" and _is_clause(rest, position):
            name = rest[position + 1]
            splice, named = token.start, text[name.start : name.end].decode("latin-1")
    inserts = any(token.depth == 0 and token.text == "INSERT" for token in rest)
    kind = "rows" if first.text in _ROWS and not inserts else "other"
    return Statement(kind, text[:end], splice=splice, format=named)


def _is_clause(rest: list, position: int) -> bool:
    """True when FORMAT at `position` names the output format and is not a name itself."""
    if position == 0 or position + 1 >= len(rest):
        return False
    after = rest[position + 2].text if position + 2 < len(rest) else ";"
    return rest[position + 1].kind in ("word", "quoted") and after in (";", "SETTINGS")


def _refuse(rest: list) -> None:
    """Raises for several statements in one text, and for what would end the process."""
    words = [token.text for token in rest]
    if ";" in words and any(word != ";" for word in words[words.index(";") :]):
        raise ServerError(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed)")
    if words[:3] == ["CREATE", "NAMED", "COLLECTION"]:
        raise ServerError(
            48,
            "NOT_IMPLEMENTED",
            "CREATE NAMED COLLECTION ends the embedded engine's process: "
            "write the settings into the statement, or use a real server",
        )
    for previous, word, following in zip(words, words[1:], words[2:]):
        if (word, following) == ("INTO", "OUTFILE") and previous != "INSERT":
            raise ServerError(358, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed")


def _insert(text: bytes, stream: Iterator[Token]) -> Optional[Statement]:
    """Classifies an INSERT whose first word was taken from `stream` already.

    Returns None for INSERT ... SELECT, which carries no data.
    """
    token = next(stream, None)
    if token is None or token.text != "INTO":
        return None
    token = next(stream, None)
    if token is not None and token.text in ("TABLE", "FUNCTION"):
        token = next(stream, None)
    # The name, dotted or not, is not a clause whatever it is called.
    while token is not None:
        token = next(stream, None)
        if token is None or token.text != ".":
            break
        token = next(stream, None)
    splice = None
    while token is not None:
        if token.depth == 0 and token.kind == "word" and token.text in _INSERT_TAIL:
            if splice is None:
                splice = token.start
            if token.text in ("SELECT", "WITH", "WATCH"):
                return None
            if token.text == "FROM":
                raise ServerError(78, "UNKNOWN_TYPE_OF_QUERY", "Query has infile and was send directly to server")
            if token.text == "VALUES":
                return Statement("insert", text, splice, token.start, token.end, "Values")
            if token.text == "FORMAT":
                name = next(stream, None)
                if name is None or name.kind not in ("word", "quoted"):
                    return None
                return _with_data(text, splice, token, name)
        token = next(stream, None)
    return None


def _with_data(text: bytes, splice: int, clause: Token, name: Token) -> Statement:
    """An INSERT ... FORMAT: the data begin after one optional line break."""
    data = name.end
    while text[data : data + 1] in (b" ", b"\t", b"\f", b";"):
        data += 1
    if text[data : data + 2] == b"\r\n":
        data += 2
    elif text[data : data + 1] == b"\n":
        data += 1
    written = text[name.start : name.end].decode("latin-1")
    return Statement("insert", text, splice, clause.start, data, written)
