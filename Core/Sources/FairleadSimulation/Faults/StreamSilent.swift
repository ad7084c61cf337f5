import FairleadModel
import FairleadPaper

/// N7: the stream gives signs of life and no market: quotes, trades and marks don't come, while the venue trades on.
struct StreamSilent: Fault {
    var name: String { "silent_stream" }
    var row: String { "N7" }
    var reach: FaultReach { .answers }

    func shape(_ random: inout DeterministicRandom) -> FaultShape {
        FaultShape(lasts: .milliseconds(random.next(in: 1_000...180_000)))
    }

    func fate(ofAnswer message: PaperMessage, _ window: inout FaultWindow, at now: Timestamp) -> FrameFate {
        message.isMarket ? .lose : .pass
    }
}

extension PaperMessage {
    var isMarket: Bool {
        switch frame {
        case .quote, .trade, .mark: true
        case .hello, .subscribe, .submit, .cancel, .amend, .query, .list, .timeRequest, .ping, .pong, .goodbye, .halt,
            .welcome, .instrument, .accepted, .rejected, .filled, .cancelled, .expired, .cancelRejected, .replaced,
            .replaceRejected, .reported, .notFound, .forgotten, .listingBegan, .listedOrder, .listedExecution,
            .listedPosition, .listedAccount, .listingEnded, .listingRefused, .time, .throttled, .banned, .error,
            .funding, .listedFunding:
            false
        }
    }
}
