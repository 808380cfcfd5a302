"""What stored candles may fail with; each message says what was expected or what there is."""


class HistoryError(ValueError):
    """Nothing was changed; the message can be shown to whoever asked."""


class UnknownTimeframeError(HistoryError):
    """A length that no candle here has, or that cannot be made of what there is."""


class NoCandlesError(HistoryError):
    """A frame that is not candles; the message says what is wrong with it."""


class UnsafeNameError(HistoryError):
    """A name that cannot name a folder here."""


class HistoryNotFoundError(HistoryError):
    """No such candles are stored; the message says which are."""


class HistoryDamagedError(HistoryError):
    """A stored file cannot be read; the message says which."""


class HistoryFullError(HistoryError):
    """There is no room for more candles of this owner."""
