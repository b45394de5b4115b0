"""The one kind of error that the launcher shows without a traceback."""


class Failure(Exception):
    """Something went wrong that the user can mend; the text says what and how."""
