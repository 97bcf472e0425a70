"""How a deadline came about, tick by tick, for an officer who has to answer for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sujin.complaints import law
from sujin.complaints.rulebook import rulebook
from sujin.engine import regimes
from sujin.engine.regimes import Regime
from sujin.engine.sla import Reading, State, Tick

TICKS = {
    "received": ("收到", "received"),
    "acknowledged": ("确认收到", "acknowledged"),
    "restarted": ("补充新的事实和理由，重新起算", "restarted by new facts"),
    "paused": ("暂停", "paused"),
    "resumed": ("恢复", "resumed"),
    "extended": ("延期", "extended"),
    "agreed": ("双方约定", "agreed"),
    "responded": ("联系客户", "customer contacted"),
    "answered": ("答复", "answered"),
    "closed": ("结束", "closed"),
    "withdrawn": ("撤回", "withdrawn"),
    "offered": ("移交", "handed over"),
    "accepted": ("接手", "taken"),
    "refused": ("退回", "refused"),
    "appealed": ("申请核查", "review asked for"),
    "reviewed": ("核查完毕", "reviewed"),
}
STATES = {
    State.RUNNING: ("进行中", "running"),
    State.PAUSED: ("暂停", "paused"),
    State.MET: ("按时", "met"),
    State.MISSED: ("超限", "missed"),
    State.OVERDUE: ("已超限", "overdue"),
    State.WAITING: ("未起算", "not begun"),
    State.LAPSED: ("窗口已过", "window passed"),
}
STEPS = {
    "begins": ("起算：", "begins: "),
    "stopped": ("停止：", "stops: "),
    "excludes": ("不计入 ", "does not count "),
    "stage": ("升至第 {stage} 档：", "to stage {stage}: "),
    "late": ("期满以后，不作数：", "after the limit had ended, without effect: "),
    "until": ("约定至 ", "agreed until "),
}
UNITS = {"natural_day": ("自然日", "days"), "working_day": ("工作日", "working days")}


def explain(
    ids: Iterable[str],
    ticks: Sequence[Tick],
    *,
    tier: str,
    lane: str,
    now: datetime,
    topics: frozenset[str],
    english: bool,
) -> Iterator[str]:
    """Lines of text: the ticks as they were heard, then each clock with its article, its steps and
    the days it did not count."""
    under = (rulebook().house, *law.of(ids))
    words = Words(english)
    yield words.say("听到的事", "What was heard")
    for tick in ticks:
        yield f"  {words.moment(tick.at)}  {words.tick(tick)}"
    for regime in under:
        readings = regimes.read_all([regime], ticks, tier=tier, lane=lane, now=now, topics=topics)
        for reading in readings:
            if reading.state is not State.WAITING:
                yield from words.clock(reading, regime)


class Words:
    """The sentences, in one of two languages."""

    def __init__(self, english: bool) -> None:
        self._place = int(english)

    def say(self, zh: str, en: str) -> str:
        return (zh, en)[self._place]

    def tick(self, tick: Tick) -> str:
        told = [TICKS.get(tick.kind, (tick.kind, tick.kind))[self._place]]
        if tick.kind == "extended":
            told.append(self.say(f"至第 {tick.stage} 档", f"to stage {tick.stage}"))
        told += [word for word in (tick.post, tick.cause, tick.regime) if word]
        if tick.until is not None:
            told.append(self.say("至 ", "until ") + self.moment(tick.until))
        return " ".join(told)

    def clock(self, reading: Reading, regime: Regime) -> Iterator[str]:
        state = STATES[reading.state][self._place]
        due = f"{reading.due_at:%Y-%m-%d %H:%M:%S %Z}" if reading.due_at else "—"
        yield ""
        yield f"{self._title(reading.title)}  [{state}]  {due}"
        yield f"  {reading.article} · {self._title(regime.title)} · {reading.row}"
        if reading.signoff:
            yield "  " + self.say("待法律合规部门确认", "awaits the legal department")
        for step in reading.steps:
            yield f"  · {self._step(step)}"
        yield from self._uncounted(reading, regime)

    def moment(self, at: datetime) -> str:
        local = at.astimezone(rulebook().house.zone)
        return local.strftime("%Y-%m-%d %H:%M:%S")

    def _title(self, title: Mapping[str, str]) -> str:
        return title.get("en" if self._place else "zh", "")

    def _step(self, step: str) -> str:
        """A machine's line in words: what, which tick or row, when."""
        head, *rest = step.split(" ")
        if head == "ends":
            return self._end(rest)
        if head == "excludes":
            return STEPS[head][self._place] + str(timedelta(seconds=int(rest[0])))
        if head == "until":
            return STEPS[head][self._place] + rest[0]
        stage, rest = (rest[0], rest[1:]) if rest[0].isdigit() else ("", rest)
        return STEPS[head][self._place].format(stage=stage) + self._named(rest)

    def _named(self, words: Sequence[str]) -> str:
        kind, *when = words
        return " ".join([TICKS.get(kind, (kind, kind))[self._place], *when])

    def _end(self, rest: Sequence[str]) -> str:
        row, amount, unit, when = rest
        counted = UNITS.get(unit, ("小时", "hours"))[self._place]
        return self.say("期满：", "ends: ") + f"{row} {amount} {counted} → {when}"

    def _uncounted(self, reading: Reading, regime: Regime) -> Iterator[str]:
        """For working days: which days between receipt and end were not counted, and why."""
        begins = next((step for step in reading.steps if step.startswith("begins")), "")
        if "working_day" not in reading.allowed or reading.due_at is None or not begins:
            return
        day = datetime.fromisoformat(begins.split(" ")[-1]).date() + timedelta(days=1)
        last = reading.due_at.date()
        while day <= last:
            name = regime.calendar.name(day)
            if name:
                counted = regime.calendar.is_workday(day)
                how = ("补班，计入", "counted") if counted else ("不计", "not counted")
                yield f"    {day} {name} {how[self._place]}"
            day += timedelta(days=1)
