"""The book as the recording shows it."""
from .recordings import ASK, BID, decimal


class Book:
    def __init__(self):
        self.depth = {BID: {}, ASK: {}}
        self.last = None       # update id that the depth is at; None while it is unknown
        self.overlaps = False  # the next diff must overlap the snapshot
        self.waiting = []
        self.touch = None      # (update id, {side: (price, quantity)})
        self.taken = {}        # (side, price): [displayed, left of it for us]
        self.gaps = 0

    def see(self, record):
        if record.kind == "touch":
            self.touch = record.data
        elif record.kind == "diff":
            self.update(*record.data)
        elif record.kind == "snapshot":
            self.last, self.overlaps = record.data[0], True
            self.depth = {BID: dict(record.data[1]), ASK: dict(record.data[2])}
            waiting, self.waiting = self.waiting, []
            for diff in waiting:
                self.update(*diff)
        if record.kind != "trade":
            self.forget()

    def update(self, last, previous, bids, asks):
        if self.last is None:
            self.waiting.append((last, previous, bids, asks))
        elif last >= self.last:
            if previous > self.last or (previous != self.last and not self.overlaps):
                self.gaps += 1
                self.last, self.depth, self.waiting = None, {BID: {}, ASK: {}}, [(last, previous, bids, asks)]
                return
            self.last, self.overlaps = last, False
            for side, changes in ((BID, bids), (ASK, asks)):
                self.depth[side].update(changes)
                for price in [price for price, quantity in changes.items() if quantity == 0]:
                    del self.depth[side][price]

    def newest_touch(self, side):
        """The touch where it is newer than the depth; a side without an offer has none."""
        if self.touch and (self.last is None or self.touch[0] > self.last):
            return self.touch[1][side]
        return None

    def best(self, side):
        touch = self.newest_touch(side)
        if touch:
            return touch[0] or None
        return (max if side == BID else min)(self.depth[side], default=None)

    def displayed(self, side, price):
        touch = self.newest_touch(side)
        if touch and (price == touch[0] or (price > touch[0]) == (side == BID)):
            return touch[1] if price == touch[0] else 0
        return self.depth[side].get(price, 0)

    def forget(self):
        """What was taken of a level stays taken until the level grows, and is forgotten once it is gone."""
        for (side, price), level in list(self.taken.items()):
            now = self.displayed(side, price)
            if now == 0:
                del self.taken[side, price]
            elif now != level[0]:
                level[:] = now, min(now, level[1] + max(0, now - level[0]))

    def take(self, fill):
        """Takes; or says why it can't be."""
        side = ASK if fill.side == "BUY" else BID
        best = self.best(side)
        if best is None:
            return f"no {side} is displayed"
        if (fill.price < best) if side == ASK else (fill.price > best):
            return f"the best {side} is {decimal(best)}"
        displayed = self.displayed(side, fill.price)
        left = self.taken.get((side, fill.price), (0, displayed))[1]
        if fill.quantity > left:
            return (f"the {side} displays {decimal(displayed)} there, of which {decimal(left)} is left; "
                    f"the best {side} is {decimal(best)}")
        self.taken[side, fill.price] = [displayed, left - fill.quantity]
        return None
