import FairleadModel
import FairleadPaper

/// N5: the venue doesn't give a listing.
struct ListingsRefused: Fault {
    var name: String { "listing_refused" }
    var row: String { "N5" }
    var reach: FaultReach { .answers }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...60_000)), value: random.next(in: 100...1_000))
    }

    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard case .listingBegan = message.frame, window.strikes() else { return .pass }
        return .instead(.listingRefused)
    }
}

/// N5: pages of a listing are missing: its head, some of its rows, all of them, or its end.
struct ListingsPartial: Fault {
    var name: String { "listing_partial" }
    var row: String { "N5" }
    var reach: FaultReach { .answers }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        let share = random.chance(1, in: 4) ? 1_000 : random.next(in: 20...400)
        return FaultShape(lasts: .milliseconds(random.next(in: 1_000...60_000)), value: share)
    }

    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard message.isRowOfListing else { return .pass }
        return window.strikes() ? .lose : .pass
    }
}

/// N6: for up to three quarters of an hour a question about an order is answered as if it had never been; the listings
/// show it all the time.
struct OrdersForgotten: Fault {
    var name: String { "forgotten_order" }
    var row: String { "N6" }
    var reach: FaultReach { .answers }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        let longest: Int64 = random.chance(1, in: 3) ? 2_700_000 : 60_000
        return FaultShape(lasts: .milliseconds(random.next(in: 1_000...longest)), value: random.next(in: 200...1_000))
    }

    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        guard case .reported(let report) = message.frame, message.number != 0, window.strikes() else { return .pass }
        return .instead(
            .notFound(OrderAbsence(id: report.id, venueTime: report.venueTime, ledgerSequence: 0, session: 0))
        )
    }
}

extension PaperMessage {
    var isRowOfListing: Bool {
        switch frame {
        case .listingBegan, .listedOrder, .listedExecution, .listedPosition, .listedAccount, .listingEnded,
            .listedFunding:
            true
        case .hello, .subscribe, .submit, .cancel, .amend, .query, .list, .timeRequest, .ping, .pong, .goodbye, .halt,
            .welcome, .instrument, .accepted, .rejected, .filled, .cancelled, .expired, .cancelRejected, .replaced,
            .replaceRejected, .reported, .notFound, .forgotten, .listingRefused, .time, .throttled, .banned, .quote,
            .trade, .mark, .error, .funding:
            false
        }
    }
}
