from app.providers.bursts import Bursts
from tests.providers.clocks import StillClock


class Log:
    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, object]]] = []

    def warning(self, event: str, **values: object) -> None:
        self.lines.append((event, values))


def test_a_burst_is_said_once_and_then_counted() -> None:
    clock, log = StillClock(), Log()
    bursts = Bursts(log, clock)
    for number in range(100):
        bursts.warn("bad_json", number=number)
        clock.jump(0.125)
    bursts.warn("too_large")
    assert log.lines == [("bad_json", {"number": 0}), ("too_large", {})]
    clock.jump(30)
    bursts.flush()
    assert log.lines[2:] == [("bad_json", {"number": 99, "repeated": 99})]
    clock.jump(29)
    bursts.warn("bad_json", number=200)
    assert len(log.lines) == 3
    clock.jump(1)
    bursts.flush()
    assert log.lines[3:] == [("bad_json", {"number": 200, "repeated": 1})]


def test_what_was_quiet_is_said_at_once_again() -> None:
    clock, log = StillClock(), Log()
    bursts = Bursts(log, clock)
    for _ in range(3):
        bursts.warn("cut")
        clock.jump(31)
    assert [line[0] for line in log.lines] == ["cut"] * 3
