"""The sceptic's own test: honest runs over made tapes of each format pass, and each kind of lie is found."""
import calendar
import copy
import gzip
import itertools
import json
import pathlib
import random
import tempfile
import types
import zipfile

from .checks import Cover, Sceptic
from .recordings import Trade, decimal, moment, units
from .run import Run

START = 1_723_161_300_000  # ms
DAY = calendar.timegm((2013, 10, 7, 4, 0, 0)) * 1000  # New York's midnight, in ms
LOT, TICK = 10**5, 10**6


class Story:
    """A market in episodes, each at prices of its own, and a run in it that takes all the volume that it may claim."""

    def __init__(self, chance, has_depth):
        self.chance, self.has_depth = chance, has_depth
        self.now, self.update, self.orders, self.executions = (START if has_depth else DAY + 36_000_000), 0, 0, 0
        self.cash, self.realized, self.fees, self.position, self.funding = 10**13, 0, 0, 0, 0
        self.tape, self.events = [], []  # (ms, kind, data); the run's own words
        self.shown = {"b": {}, "a": {}}
        self.report()
        for pair in range(4):
            sizes = [self.lots() for _ in range(5)]
            self.episode("BUY", (200 + 6 * pair) * 10**8, *sizes)
            self.fund((201 + 6 * pair) * 10**8)
            self.episode("SELL", (203 + 6 * pair) * 10**8, *sizes)
            self.report()

    def lots(self):
        return self.chance.randrange(1, 50) * (LOT if self.has_depth else 10**8)

    def step(self):
        self.now += self.chance.randrange(2, 60)
        return self.now

    def show(self, bids, asks):
        """A touch and the change of the book that it belongs to."""
        changes = {}
        for side, new in (("b", bids), ("a", asks)):
            changes[side] = {**{price: 0 for price in self.shown[side]}, **new}
            self.shown[side] = new
        best = (max(bids), bids[max(bids)], min(asks), asks[min(asks)])
        self.tape.append((self.step(), "touch", (self.update + 7, *best)))
        if self.has_depth:
            self.tape.append((self.now, "diff", (self.update, self.update + 7, changes)))
            if not self.update:
                # The snapshot comes late, in the middle of what waits for it, with levels that are gone by then.
                self.tape.append((self.step(), "snapshot", (0, 3, {"b": {10**8: LOT}, "a": {10**11: LOT}})))
        self.update += 7

    def trade(self, price, quantity, taker):
        self.tape.append((self.step(), "trade", (price, quantity, taker)))

    def episode(self, side, price, first, second, third, near, far):
        """A maker that waits for two trades and one that is traded through; a taker that goes through two levels."""
        worse = -TICK if side == "BUY" else TICK
        other = "SELL" if side == "BUY" else "BUY"
        behind = {price: self.lots(), price + worse: self.lots()}
        ahead = {price - worse: near, price - 2 * worse: far}
        self.show(*((behind, ahead) if side == "BUY" else (ahead, behind)))
        self.trade(price, self.lots(), other)  # before anybody joined
        maker = self.submit(side, price, first + second)
        deeper = self.submit(side, price + worse, third, is_leaving=True)
        # Takes from the other side; nothing says so in equity rows, so it lies higher there.
        self.trade(price if self.has_depth else price - worse, self.lots(), side)
        self.trade(price, first, other)
        self.fill(maker, price, first, "maker")
        self.trade(price + worse, second + third, other)
        self.fill(maker, price, second, "maker")
        self.fill(deeper, price + worse, third, "maker")
        taken = ahead if self.has_depth else {price - worse: near}
        taker = self.submit(side, price - 3 * worse, sum(taken.values()))
        self.step()
        for level, quantity in taken.items():
            self.fill(taker, level, quantity, "taker")

    def event(self, kind, order, **fields):
        self.events.append({"event": kind, "client_order_id": order["id"], "symbol": "IBM", "side": order["side"],
                            "position_side": "BOTH", "ts": moment((self.now + 1) * 10**6), **fields})

    def change(self, order, before, after, when=None):
        self.event("order_lifecycle", order, **{"from": before, "to": after}, price=decimal(order["price"]),
                   quantity=decimal(order["quantity"]), filled=decimal(order["filled"]), venue_ts=when)

    def submit(self, side, price, quantity, is_leaving=False):
        """One that is leaving is cancelled before it is accepted: of its acceptance nothing is told."""
        self.orders += 1
        order = {"id": f"order-{self.orders}", "side": side, "price": price, "quantity": quantity, "filled": 0,
                 "state": "pending_cancel" if is_leaving else "working"}
        self.change(order, "created", "submitted")
        self.step()
        when = self.step() * 10**6
        self.change(order, "submitted", order["state"], None if is_leaving else moment(when))
        return order

    def fill(self, order, price, quantity, liquidity):
        order["filled"] += quantity
        self.executions += 1
        fee = quantity * price // 10**12
        self.fees += fee
        self.position += quantity if order["side"] == "BUY" else -quantity
        self.realized += (price if order["side"] == "SELL" else -price) * quantity // 10**8
        self.event("execution_fill", order, price=decimal(price), quantity=decimal(quantity), fee=decimal(fee),
                   liquidity=liquidity, venue_ts=moment(self.now * 10**6), execution_id=str(self.executions))
        done = order["filled"] == order["quantity"]
        self.change(order, order["state"], "filled" if done else "partially_filled", moment(self.now * 10**6))

    def fund(self, mark):
        amount = -(-self.position * mark * 27 // 10**16)  # at a rate of 27 * 10^-8, rounded up
        self.funding += amount
        self.events.append({"event": "funding_booked", "symbol": "IBM", "position_side": "BOTH",
                            "rate_ratio": "0.00000027", "amount": decimal(amount), "mark_price": decimal(mark),
                            "ts": moment(self.now * 10**6)})

    def report(self):
        """Told only without a position: then the profit is what was sold for less what was paid, by any method."""
        self.events.append({"event": "pnl_snapshot", "ts": moment(self.now * 10**6), "fees": decimal(self.fees),
                            "cash": decimal(self.cash + self.realized - self.fees - self.funding),
                            "realized_pnl": decimal(self.realized)})


# The tape as files.

def binance_body(kind, data):
    if kind == "touch":
        update, bid, bids, ask, asks = data
        return {"e": "bookTicker", "s": "IBM", "u": update, "b": decimal(bid), "B": decimal(bids), "a": decimal(ask),
                "A": decimal(asks)}
    if kind == "trade":
        return {"e": "trade", "s": "IBM", "p": decimal(data[0]), "q": decimal(data[1]), "m": data[2] == "SELL",
                "X": "MARKET"}
    previous, last, changes = data
    sides = {key: [[decimal(price), decimal(quantity)] for price, quantity in changes[key].items()] for key in "ba"}
    if kind == "snapshot":
        return {"lastUpdateId": last, "bids": sides["b"], "asks": sides["a"]}
    return {"e": "depthUpdate", "s": "IBM", "U": previous + 1, "u": last, "pu": previous, **sides}


def write_binance(story, folder, form):
    """The snapshot in-line, or apart as the answer to a request."""
    main, rest = folder / "ibm.gz", folder / "rest.gz"
    with gzip.open(main, "wt") as file, gzip.open(rest, "wt") as apart:
        for when, kind, data in story.tape:
            body = binance_body(kind, data)
            stamp = {"ns": f"{when}000000", "us": f"{when}000", "s": f"{when // 1000}.{when % 1000:03d}:"}[form]
            if kind == "snapshot" and form == "s":
                apart.write(f"https://venue/fapi/v1/depth?symbol=IBM&limit=1000 -> {stamp} {json.dumps(body)}\n")
            else:
                line = body if kind == "snapshot" else {"stream": "ibm@x", "data": body}
                file.write(f"{stamp} {json.dumps(line)}\n")
    return [rest, main]


def write_equity(story, folder):
    rows = {"quote": [], "trade": []}
    for when, kind, data in story.tape:
        if kind == "touch":
            _, bid, bids, ask, asks = data
            rows["quote"] += [f"{when - DAY},{bid // 10**4},{bids // 10**8},0,0,Q,1,0",
                              f"{when - DAY},0,0,{ask // 10**4},{asks // 10**8},P,1,0"]
        else:
            start = f"{when - DAY},{data[0] // 10**4}"
            # The last two don't stand for a fill: an average price, and one that is marked suspicious.
            rows["trade"] += [f"{start},{data[1] // 10**8},Q,1,0", f"{start},9999,D,100000,0", f"{start},9999,D,1,1"]
    paths = []
    for kind, lines in rows.items():
        paths.append(folder / f"equity_usa_tick_ibm_20131007_{kind}.zip")
        with zipfile.ZipFile(paths[-1], "w") as archive:
            archive.writestr("rows.csv", "\n".join(lines) + "\n")
    return paths


# Lies: each changes one fill of an honest run, and the rest so that nothing else gives it away.

def retell(events, fill, quantity):
    """Another quantity of a fill, told by its order too."""
    more = units(quantity) - units(fill["quantity"])
    fill["quantity"] = quantity
    behind = False
    for event in events:
        behind = behind or event is fill
        if event["event"] == "order_lifecycle" and event["client_order_id"] == fill["client_order_id"]:
            event["quantity"] = decimal(units(event["quantity"]) + more)
            event["filled"] = decimal(units(event["filled"]) + (more if behind else 0))


def moved_earlier(events, fill):
    """To the moment of its order's joining; where none is told of, of its cancel."""
    fill["venue_ts"] = next(event["venue_ts"] or event["ts"] for event in events
                            if event["event"] == "order_lifecycle" and event["from"] == "submitted"
                            and event["client_order_id"] == fill["client_order_id"])


def before_sent(events, fill):
    fill["venue_ts"] = moment(START * 10**5)


def doubled(events, fill):
    retell(events, fill, decimal(2 * units(fill["quantity"])))


def one_lot_more(events, fill):
    retell(events, fill, decimal(units(fill["quantity"]) + LOT))


def better_price(events, fill):
    fill["price"] = decimal(units(fill["price"]) - (2 * TICK if fill["side"] == "BUY" else -2 * TICK))


def past_limit(events, fill):
    fill["price"] = decimal(units(fill["price"]) + (9 * TICK if fill["side"] == "BUY" else -9 * TICK))


def told_twice(events, fill):
    """The same volume for a second order of the same kind."""
    copies = [copy.deepcopy(event) for event in events if event.get("client_order_id") == fill["client_order_id"]]
    for event in copies:
        event["client_order_id"] += "-again"
        event["execution_id"] = event.get("execution_id", "") + "-again"
    place = max(index for index, event in enumerate(events) if event["event"] == "pnl_snapshot")
    events[place:place] = copies


def unsummed(events, fill):
    fill["quantity"] = decimal(units(fill["quantity"]) - LOT)


def cheaper(events, fill):
    fill["fee"] = decimal(units(fill["fee"]) - 1)


def less_funding(events, fill):
    payment = next(event for event in events if event["event"] == "funding_booked")
    payment["amount"] = decimal(units(payment["amount"]) - 1)


LIES = [("passive", True, moved_earlier), ("passive", True, doubled), ("passive", True, one_lot_more),
        ("passive", True, better_price), ("passive", True, told_twice), ("taker", False, better_price),
        ("taker", False, doubled), ("taker", False, one_lot_more), ("taker", False, told_twice),
        ("order", True, before_sent), ("order", False, before_sent), ("order", True, past_limit),
        ("order", True, unsummed), ("cash", False, cheaper), ("cash", False, less_funding)]


def kinds(events, paths):
    sceptic = Sceptic(Run(events), paths)
    sceptic.judge()
    return {kind: text for _, kind, text in reversed(sceptic.failures)}


def gap_is_found(chance, story, folder, form):
    """A recording that lost a change of the book shows no level behind the touch any more."""
    lost = chance.choice([row for row in story.tape if row[1] == "diff"][1:-1])
    tape, story.tape = story.tape, [row for row in story.tape if row is not lost]
    sceptic = Sceptic(Run(story.events), write_binance(story, folder, form))
    sceptic.judge()
    story.tape = tape
    return sceptic.books["IBM"].gaps == 1 and any(kind == "taker" for _, kind, _ in sceptic.failures)


def lies_are_found(chance, story, paths):
    found = kinds(story.events, paths)
    if found:
        return f"an honest run fails: {found}"
    for kind, is_maker, lie in LIES:
        events = copy.deepcopy(story.events)
        fills = [event for event in events if event["event"] == "execution_fill"
                 and (event["liquidity"] == "maker") == is_maker]
        lie(events, chance.choice(fills))
        if kind not in kinds(events, paths):
            return f"{lie.__name__} of a {'maker' if is_maker else 'taker'} is not found: {kinds(events, paths)}"
    return None


class Claim:
    """A passive fill as the flow sees it, drawn at random."""

    def __init__(self, chance):
        self.joined = chance.randrange(0, 9)
        self.time = self.joined + chance.randrange(1, 8)
        self.price, self.quantity = chance.randrange(8, 13), chance.randrange(1, 7)
        self.side = chance.choice(["BUY", "SELL"])


def hall_holds(trades, claims):
    """No set of claims needs more than all the trades that may stand for any of them."""
    def volume(some):
        return sum(trade.quantity for trade in trades if any(
            claim.joined < trade.time <= claim.time and Cover.covers(trade, claim) for claim in some))
    return all(sum(claim.quantity for claim in some) <= volume(some)
               for size in range(1, len(claims) + 1) for some in itertools.combinations(claims, size))


def flow_is_exact(chance):
    """The first claim that the flow refuses is the first with which Hall's condition breaks. Gives how many held."""
    trades = [Trade(when, chance.randrange(8, 13), chance.randrange(1, 9), chance.choice(["BUY", "SELL", None]))
              for when in range(1, chance.randrange(3, 14))]
    claims = sorted((Claim(chance) for _ in range(chance.randrange(1, 7))), key=lambda claim: claim.time)
    cover = Cover(trades)
    for count in range(1, len(claims) + 1):
        is_covered = cover.cover(claims[count - 1]) is None
        if is_covered != hall_holds(trades, claims[:count]):
            return None
        if not is_covered:
            return count - 1
    return len(claims)


def self_test(seed, times):
    chance = random.Random(seed)
    held = [flow_is_exact(chance) for _ in range(50 * times)]
    if None in held:
        print(f"self-test: seed {seed}: the flow and Hall's condition disagree")
        return False
    with tempfile.TemporaryDirectory(prefix="sceptic-") as name:
        folder = pathlib.Path(name)
        for turn in range(times):
            form = ("ns", "us", "s", "equity")[turn % 4]
            story = Story(chance, form != "equity")
            paths = write_equity(story, folder) if form == "equity" else write_binance(story, folder, form)
            wrong = lies_are_found(chance, story, paths)
            if not wrong and form != "equity" and not gap_is_found(chance, story, folder, form):
                wrong = "a lost change of the book is not found"
            if wrong:
                print(f"self-test: seed {seed}, turn {turn} ({form}): {wrong}")
                return False
    print(f"self-test: seed {seed}: {times} honest runs pass, {times * len(LIES)} lies of {len(LIES)} kinds are found, "
          f"{len(held)} flows agree with Hall's condition ({sum(held)} claims covered)")
    return True
