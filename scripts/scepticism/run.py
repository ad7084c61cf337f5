"""What a run claims."""
import json
import pathlib
import re
import subprocess
import sys

from .recordings import decimal, moment, nanoseconds, units


class Fill:
    def __init__(self, event):
        # None: not by an order of ours, but by the venue (a liquidation) or another client of the account.
        self.order, self.symbol, self.side = event["client_order_id"], event["symbol"], event["side"]
        self.position = event["symbol"], event["position_side"]
        self.price, self.quantity, self.fee = (units(event[key]) for key in ("price", "quantity", "fee"))
        self.is_maker = event["liquidity"] == "maker"
        self.time, self.execution = nanoseconds(event["venue_ts"]), event["execution_id"]
        self.joined = 0

    def __str__(self):
        return (f"execution {self.execution} of order {self.order}: {self.symbol} {self.side} {decimal(self.quantity)} "
                f"at {decimal(self.price)}, {'maker' if self.is_maker else 'taker'}, {moment(self.time)}")


class Order:
    def __init__(self, event):
        self.id, self.side, self.sent = event["client_order_id"], event["side"], nanoseconds(event["ts"])
        self.prices = []  # (since when at the venue, price or None)
        self.fills = 0

    def see(self, event):
        self.quantity, self.filled = units(event["quantity"]), units(event["filled"])
        price = event["price"] and units(event["price"])
        # Filled before a word of its acceptance, or taken by the venue while its cancel was on the way.
        if not self.prices and event["to"] in ("partially_filled", "filled"):
            self.prices.append((self.sent, price))
        elif event["venue_ts"] and (not self.prices or self.prices[-1][1] != price):
            self.prices.append((nanoseconds(event["venue_ts"]), price))

    def at(self, when):
        """Since when it stood at its price of that moment, and the price."""
        return max((step for step in self.prices if step[0] <= when), default=(None, None))


class Run:
    """Orders and fills in the run's own order, and what it reported of cash in between."""

    def __init__(self, events, instruments=()):
        self.orders, self.fills = {}, []
        self.reports = []  # (fills before it, what it said), of cash and of funding
        self.terms = {instrument["symbol"]: instrument for instrument in instruments}
        for event in events:
            kind = event.get("event")
            if kind == "order_lifecycle":
                self.orders.setdefault(event["client_order_id"], Order(event)).see(event)
            elif kind == "execution_fill":
                self.fills.append(Fill(event))
            elif kind == "funding_booked" or (kind == "pnl_snapshot" and event["cash"] is not None):
                self.reports.append((len(self.fills), event))
        self.own = [fill for fill in self.fills if fill.order]


    def multiplier(self, symbol):
        return self.terms.get(symbol, {}).get("multiplier", 1)


def claims(options):
    """The run's own words, from its journal."""
    command = [options.fairlead, "journal", "replay", "--notices", "--json", "--out", options.out]
    for path in options.data:
        command += ["--data", path]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode:
        sys.exit(f"sceptic: {' '.join(command)} ends with {process.returncode}: {process.stderr[-2000:]}")
    return [json.loads(line) for line in process.stdout.splitlines() if line.startswith('{"event"')]


def logged(out, name):
    """The events of a log that the run wrote, with what was put aside of it; None where it wrote none."""
    form = re.compile(rf"{name}(\.\d+)?\.jsonl")
    files = [path for path in pathlib.Path(out).rglob("*.jsonl") if form.fullmatch(path.name)]
    if not files:
        return None
    return [json.loads(line) for path in files for line in path.read_text().splitlines()]
