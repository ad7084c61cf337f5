"""The checks."""
import bisect
import collections
import fractions
import math

from .book import Book
from .recordings import UNIT, decimal, merged, moment, nanoseconds, units


class Cover:
    """Which trades stand for which passive fills of a symbol: a flow in whole lots, one fill after the other.

    A trade may stand for a fill when it lies in its window and at or through its price. Giving each fill the trades
    that are nearest may take from a later one the only trades that it has, and then honest fills fail; so a fill that
    finds none free moves earlier ones to other trades, along augmenting paths. The flow is then the largest there is,
    and a fill is refused exactly when no assignment covers all fills up to it (Ford and Fulkerson). The self-test
    compares it with Hall's condition over all sets of fills.
    """

    def __init__(self, trades):
        self.trades, self.times = trades, [trade.time for trade in trades]
        self.left = [trade.quantity for trade in trades]
        self.users = collections.defaultdict(collections.Counter)  # trade: fill: how much of it
        self.known = {}

    def eligible(self, fill):
        if fill not in self.known:
            begin = bisect.bisect_right(self.times, fill.joined)
            end = bisect.bisect_right(self.times, fill.time)
            window = range(end - 1, begin - 1, -1)
            self.known[fill] = [place for place in window if self.covers(self.trades[place], fill)]
        return self.known[fill]

    @staticmethod
    def covers(trade, fill):
        if trade.price == fill.price:
            return trade.taker != fill.side
        return (trade.price < fill.price) == (fill.side == "BUY")

    def path(self, fill):
        """The shortest way to a trade that is not used up; and all the trades that were looked at."""
        came = {place: None for place in self.eligible(fill)}
        queue = collections.deque(came)
        while queue:
            place = queue.popleft()
            if self.left[place]:
                return place, came
            for other, amount in self.users[place].items():
                for further in self.eligible(other) if amount else ():
                    if further not in came:
                        came[further] = (place, other)
                        queue.append(further)
        return None, came

    def cover(self, fill):
        """None; or why the fill can't be."""
        need = fill.quantity
        while need:
            place, came = self.path(fill)
            if place is None:
                return self.reason(fill, need, came)
            amount, step = min(need, self.left[place]), came[place]
            while step:
                amount, step = min(amount, self.users[step[0]][step[1]]), came[step[0]]
            self.left[place] -= amount
            while came[place]:
                before, other = came[place]
                self.users[place][other] += amount
                self.users[before][other] -= amount
                place = before
            self.users[place][fill] += amount
            need -= amount
        return None

    def reason(self, fill, need, came):
        own = self.eligible(fill)
        traded = sum(self.trades[place].quantity for place in own)
        others = {other for place in came for other, amount in self.users[place].items() if amount} - {fill}
        return (f"from {moment(fill.joined)}, when its order joined, {len(own)} trades of {decimal(traded)} at or "
                f"through its price; with {len(others)} own fills before it that need the same trades, "
                f"{decimal(need)} is not covered")


class Sceptic:
    def __init__(self, run, paths):
        self.run, self.paths = run, paths
        self.failures = []
        self.seen = collections.Counter()
        self.trades = collections.defaultdict(list)
        self.books = collections.defaultdict(Book)
        self.counts = {}  # lines of each log that was compared

    def fail(self, kind, when, text):
        self.failures.append((when, kind, text))

    def judge(self):
        self.judge_orders()
        self.judge_takers()
        self.judge_passive()
        self.judge_cash()
        self.failures.sort(key=lambda failure: failure[0])

    def judge_orders(self):
        sums, executions = collections.Counter(), set()
        for fill in self.run.own:
            order = self.run.orders.get(fill.order)
            if order is None or fill.time < order.sent:
                sent = f"sent {moment(order.sent)}" if order else "never sent"
                self.fail("order", fill.time, f"{fill}: its order was {sent}")
                continue
            if fill.execution in executions:
                self.fail("order", fill.time, f"{fill}: the execution was told before")
            executions.add(fill.execution)
            since, limit = order.at(fill.time)
            self.judge_fee(fill)
            if since is None:
                self.fail("order", fill.time, f"{fill}: its order was not at the venue yet")
            elif limit and ((fill.price > limit) if fill.side == "BUY" else (fill.price < limit)):
                self.fail("order", fill.time, f"{fill}: past its limit {decimal(limit)}")
            fill.joined = fill.time if since is None else since
            sums[fill.order] += fill.quantity
        for order in self.run.orders.values():
            if sums[order.id] != order.filled or order.filled > order.quantity:
                self.fail("order", order.sent, f"order {order.id}: filled {decimal(order.filled)} of "
                          f"{decimal(order.quantity)}, its fills sum to {decimal(sums[order.id])}")

    def judge_fee(self, fill):
        """A fee is rounded up to 10^-8; known where the configuration is."""
        if fill.symbol not in self.run.terms:
            return
        rate = units(self.run.terms[fill.symbol]["maker_fee_bps" if fill.is_maker else "taker_fee_bps"])
        notional = fill.price * fill.quantity * self.run.multiplier(fill.symbol)
        wanted = math.ceil(fractions.Fraction(notional * rate, UNIT * UNIT * 10_000))
        if fill.fee != wanted:
            self.fail("cash", fill.time, f"{fill}: its fee is {decimal(fill.fee)}, by the rate {decimal(wanted)}")

    def judge_takers(self):
        """Reads the recordings once. Of records at a taker's very moment it may have met any."""
        takers = collections.deque(sorted((fill for fill in self.run.own if not fill.is_maker), key=lambda f: f.time))
        pending, now = [], 0
        for record in merged(self.paths):
            if record.time > now:
                self.refuse(pending)
                now = record.time
                while takers and takers[0].time <= now:
                    fill = takers.popleft()
                    self.try_take(fill, pending)
                    if pending and pending[-1][0].time < now:
                        self.refuse([pending.pop()])
            self.seen[record.symbol, record.kind] += 1
            self.books[record.symbol].see(record)
            if record.kind == "trade":
                self.trades[record.symbol].append(record.data)
            waiting, pending = pending, []
            for fill, _ in waiting:
                self.try_take(fill, pending)
        for fill in takers:
            self.try_take(fill, pending)
        self.refuse(pending)

    def try_take(self, fill, pending):
        reason = self.books[fill.symbol].take(fill)
        if reason:
            pending.append((fill, reason))

    def refuse(self, pending):
        for fill, reason in pending:
            self.fail("taker", fill.time, f"{fill}: {reason}")
        pending.clear()

    def judge_passive(self):
        covers = {symbol: Cover(trades) for symbol, trades in self.trades.items()}
        for fill in sorted((fill for fill in self.run.own if fill.is_maker), key=lambda fill: fill.time):
            reason = covers.setdefault(fill.symbol, Cover([])).cover(fill)
            if reason:
                self.fail("passive", fill.time, f"{fill}: {reason}")

    def judge_cash(self):
        """Profit by average cost, exact; what a report is rounded to may differ by 10^-8 a fill."""
        positions = collections.defaultdict(lambda: [0, fractions.Fraction(0)])
        realized, fees, funding, place, start = fractions.Fraction(0), 0, 0, 0, None
        for count, report in self.run.reports:
            for fill in self.run.fills[place:count]:
                realized += close(positions[fill.position], fill, self.run.multiplier(fill.symbol))
                fees += fill.fee
            place = count
            if report["event"] == "funding_booked":
                funding += units(report["amount"])
                self.judge_funding(report, positions[report["symbol"], report["position_side"]][0])
                continue
            cash, profit, paid = (units(report[key]) for key in ("cash", "realized_pnl", "fees"))
            start = cash - realized + fees + funding if start is None else start
            wanted = start + realized - fees - funding
            if paid != fees or max(abs(cash - wanted), abs(profit - realized)) > count + 1:
                self.fail("cash", nanoseconds(report["ts"]), f"{report['ts']}: cash {report['cash']}, profit "
                          f"{report['realized_pnl']}, fees {report['fees']}; by its {count} fills "
                          f"{decimal(round(wanted))}, {decimal(round(realized))}, {decimal(fees)}")
                return
        if place < len(self.run.fills):
            last = self.run.fills[-1]
            self.fail("cash", last.time, f"{last}: the last {len(self.run.fills) - place} are in no report of cash")

    def judge_funding(self, report, quantity):
        """Quantity by mark by rate, rounded up; of the position that the fills come to, by the rate of --config."""
        mark, rate = units(report["mark_price"]), units(report["rate_ratio"])
        if report["symbol"] in self.run.terms:
            rate = units(self.run.terms[report["symbol"]].get("funding_bps", 0)) // 10_000
        wanted = math.ceil(fractions.Fraction(quantity * mark * self.run.multiplier(report["symbol"]) * rate, UNIT**2))
        if units(report["amount"]) != wanted:
            self.fail("cash", nanoseconds(report["ts"]), f"funding of {report['amount']} for {report['symbol']} at "
                      f"{report['mark_price']}; for {decimal(quantity)}, as its fills sum to, {decimal(wanted)}")

    def judge_logs(self, events, read):
        """What the run wrote of its orders and fills is what its journal tells; `read` gives a log by its name."""
        for kind, name in (("order_lifecycle", "order_events"), ("execution_fill", "fills")):
            told, wrote = [event for event in events if event["event"] == kind], read(name)
            if wrote is None:
                continue
            self.counts[name] = len(wrote)
            told, wrote = (collections.Counter(map(str, some)) for some in (told, wrote))
            for text in list((told - wrote) + (wrote - told))[:1]:
                self.fail("logs", 0, f"{name}.jsonl and the journal differ in {text}")

    def lines(self):
        symbols = sorted({symbol for symbol, _ in self.seen} | {fill.symbol for fill in self.run.fills})
        for symbol in symbols:
            fills = [fill for fill in self.run.own if fill.symbol == symbol]
            makers = [fill for fill in fills if fill.is_maker]
            seen = {kind: self.seen[symbol, kind] for kind in ("touch", "diff", "snapshot", "trade")}
            yield (f"{symbol}: {seen['touch']} touches, {seen['diff']} diffs after {seen['snapshot']} snapshots with "
                   f"{self.books[symbol].gaps} gaps, {seen['trade']} trades; {len(makers)} passive fills of "
                   f"{decimal(sum(fill.quantity for fill in makers))}, {len(fills) - len(makers)} taker fills")


def close(position, fill, multiplier):
    """Books a fill into [quantity, cost]; gives what it realised, in units of 10^-8."""
    signed = fill.quantity if fill.side == "BUY" else -fill.quantity
    profit = fractions.Fraction(0)
    if position[0] * signed < 0:
        closed = min(abs(signed), abs(position[0])) * (1 if signed > 0 else -1)
        removed = position[1] * -closed / position[0]
        profit = -fractions.Fraction(closed * fill.price * multiplier, UNIT) - removed
        position[0], position[1], signed = position[0] + closed, position[1] - removed, signed - closed
    if signed:
        position[0] += signed
        position[1] += fractions.Fraction(signed * fill.price * multiplier, UNIT)
    return profit
