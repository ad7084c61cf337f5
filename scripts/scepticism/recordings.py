"""Recorded market data, read from the raw files."""
import calendar
import collections
import datetime
import gzip
import heapq
import io
import json
import pathlib
import re
import time
import urllib.parse
import zipfile

BID, ASK = "bid", "ask"
UNIT = 10**8
Record = collections.namedtuple("Record", "time symbol kind data")
Trade = collections.namedtuple("Trade", "time price quantity taker")  # taker: BUY, SELL, None where nothing says it


# Numbers: every decimal is a whole number of 10^-8, every moment one of nanoseconds since 1970.

def units(text):
    text = str(text)
    whole, _, part = text.lstrip("-").partition(".")
    value = int(whole) * UNIT + int(part.ljust(8, "0") or 0)
    return -value if text.startswith("-") else value


def decimal(value):
    sign, value = ("-" if value < 0 else ""), abs(value)
    return f"{sign}{value // UNIT}.{value % UNIT:08d}".rstrip("0").rstrip(".")


def nanoseconds(text):
    stamp, _, part = text.rstrip("Z").partition(".")
    return calendar.timegm(time.strptime(stamp, "%Y-%m-%dT%H:%M:%S")) * 10**9 + int(part.ljust(9, "0"))


def moment(value):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(value // 10**9)) + f".{value % 10**9:09d}Z"


# Recordings.

LINE = re.compile(r"^(?:(https?://\S+) -> )?(\d+)(?:\.(\d+))?:? (\{.*)$")


def binance(path):
    """`<ns or us> {...}`, `<seconds>[.f]: {...}` and `<url> -> <seconds>[.f]: {...}`."""
    symbols, streams = set(), {}
    opener = gzip.open if open(path, "rb").read(2) == b"\x1f\x8b" else open
    with opener(path, "rt") as lines:
        for line in lines:
            found = LINE.match(line)
            if not found:
                continue
            url, whole, part, body = found.groups()
            stamp = int(whole) * 10 ** (19 - len(whole)) + int((part or "0").ljust(9, "0"))
            body = json.loads(body)
            data = body.get("data", body)
            kind = data.get("e")
            if "lastUpdateId" in body:
                symbol = urllib.parse.parse_qs(urllib.parse.urlparse(url or "").query).get("symbol", [None])[0]
                if symbol is None and len(symbols) == 1:
                    symbol = next(iter(symbols))
                if symbol:
                    yield Record(stamp, symbol, "snapshot", (body["lastUpdateId"], *levels(body, "bids", "asks")))
                continue
            symbol = data.get("s")
            if symbol:
                symbols.add(symbol)
            if kind == "bookTicker":
                touch = {BID: (units(data["b"]), units(data["B"])), ASK: (units(data["a"]), units(data["A"]))}
                yield Record(stamp, symbol, "touch", (data["u"], touch))
            elif kind == "depthUpdate":
                yield Record(stamp, symbol, "diff", (data["u"], data["pu"], *levels(data, "b", "a")))
            elif kind in ("trade", "aggTrade") and data.get("X", "MARKET") == "MARKET":
                # Both streams tell the same trades: the one that comes first counts.
                if streams.setdefault(symbol, kind) == kind:
                    taker = "SELL" if data["m"] else "BUY"
                    yield Record(stamp, symbol, "trade", Trade(stamp, units(data["p"]), units(data["q"]), taker))


def levels(data, *keys):
    return [{units(price): units(quantity) for price, quantity in data[key]} for key in keys]


# Not made at the market's price of that moment, by the bits of the tape: cash, next day, seller's, derivatively priced,
# out of sequence, stock-option, average price, official close, prior reference, official open.
ELSEWHERE = sum(1 << bit for bit in (1, 2, 3, 9, 14, 18, 20, 24, 25, 26))


def equity(path):
    """US equity ticks; two quote rows, bid then ask of the same millisecond, are one national best quote."""
    words = re.split(r"[_.]", pathlib.Path(path).name.lower())
    date = next(word for word in words if re.fullmatch(r"\d{8}", word))
    symbol = words[words.index(date) - 1].upper()
    midnight = new_york_midnight(datetime.date(int(date[:4]), int(date[4:6]), int(date[6:])))
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
        rows = [line.strip().split(",") for line in io.TextIOWrapper(file)]
    before = None
    for row in rows:
        stamp = midnight + int(row[0]) * 10**6
        if "trade" in words:
            if row[5] == "0" and not int(row[4], 16) & ELSEWHERE:
                yield Record(stamp, symbol, "trade", Trade(stamp, int(row[1]) * 10**4, int(row[2]) * UNIT, None))
            continue
        bid, ask = (int(row[1]) * 10**4, int(row[2]) * UNIT), (int(row[3]) * 10**4, int(row[4]) * UNIT)
        if ask[0] == 0:
            before = (stamp, bid, row[7])
        elif before and before[0] == stamp and bid[0] == 0:
            if before[2] == row[7] == "0":
                yield Record(stamp, symbol, "touch", (0, {BID: before[1], ASK: ask}))
            before = None


def new_york_midnight(day):
    """By the law since 2007: summer time from the second Sunday of March to the first one of November."""
    def sunday(month, number):
        first = datetime.date(day.year, month, 1)
        return first + datetime.timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))
    hours = 4 if sunday(3, 2) < day <= sunday(11, 1) else 5
    return (calendar.timegm(day.timetuple()) + hours * 3600) * 10**9


def recording(path):
    """A file's records; a time that goes back is the time before it."""
    last = 0
    for record in equity(path) if str(path).endswith(".zip") else binance(path):
        last = max(last, record.time)
        if record.time < last:
            data = record.data._replace(time=last) if record.kind == "trade" else record.data
            record = record._replace(time=last, data=data)
        yield record


def merged(paths):
    """By time; equal times in the order of the files."""
    return heapq.merge(*map(recording, paths), key=lambda record: record.time)
