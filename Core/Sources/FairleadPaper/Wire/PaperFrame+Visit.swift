internal import FairleadModel

extension PaperFieldVisitor {
    /// Walks the payload of a frame, whatever its kind; a reader overwrites it.
    mutating func visit(_ frame: inout PaperFrame) {
        switch frame {
        case .hello(var it):
            visit(&it)
            frame = .hello(it)
        case .subscribe(var it):
            visit(&it)
            frame = .subscribe(it)
        case .submit(var it):
            visit(&it)
            frame = .submit(it)
        case .cancel(var it):
            id(&it)
            frame = .cancel(it)
        case .amend(var it):
            visit(&it)
            frame = .amend(it)
        case .query(var it):
            id(&it)
            frame = .query(it)
        case .list(var it):
            visit(&it)
            frame = .list(it)
        case .ping(var it):
            number("echo", &it)
            frame = .ping(it)
        case .pong(var it):
            number("echo", &it)
            frame = .pong(it)
        case .halt(var it):
            visit(&it)
            frame = .halt(it)
        case .timeRequest, .goodbye, .listingRefused: return
        case .welcome, .instrument, .listingBegan, .listedOrder, .listedExecution, .listedPosition, .listedAccount,
            .listingEnded, .time, .throttled, .banned, .quote, .trade, .mark, .error, .funding, .listedFunding:
            visitOther(&frame)
        case .accepted, .rejected, .filled, .cancelled, .expired, .cancelRejected, .replaced, .replaceRejected,
            .reported, .notFound, .forgotten:
            visitOrderNews(&frame)
        }
    }

    private mutating func visitOrderNews(_ frame: inout PaperFrame) {
        switch frame {
        case .accepted(var it):
            visit(&it)
            frame = .accepted(it)
        case .rejected(var it):
            visit(&it)
            frame = .rejected(it)
        case .filled(var it):
            visit(&it)
            frame = .filled(it)
        case .cancelled(var it):
            visit(&it)
            frame = .cancelled(it)
        case .expired(var it):
            visit(&it)
            frame = .expired(it)
        case .cancelRejected(var it):
            visit(&it)
            frame = .cancelRejected(it)
        case .replaced(var it):
            visit(&it)
            frame = .replaced(it)
        case .replaceRejected(var it):
            visit(&it)
            frame = .replaceRejected(it)
        case .reported(var it):
            visit(&it)
            frame = .reported(it)
        case .notFound(var it):
            visit(&it)
            frame = .notFound(it)
        case .forgotten(var it):
            id(&it)
            frame = .forgotten(it)
        case .hello, .subscribe, .submit, .cancel, .amend, .query, .list, .timeRequest, .ping, .pong, .goodbye, .halt,
            .welcome, .instrument, .listingBegan, .listedOrder, .listedExecution, .listedPosition, .listedAccount,
            .listingEnded, .listingRefused, .time, .throttled, .banned, .quote, .trade, .mark, .error, .funding,
            .listedFunding:
            preconditionFailure("Invariant: only news of orders is walked here")
        }
    }

    private mutating func visitOther(_ frame: inout PaperFrame) {
        switch frame {
        case .welcome(var it):
            visit(&it)
            frame = .welcome(it)
        case .instrument(var it):
            visit(&it)
            frame = .instrument(it)
        case .listingBegan, .listedOrder, .listedExecution, .listedPosition, .listedAccount, .listingEnded,
            .listedFunding:
            visitListing(&frame)
        case .time(var it):
            time("venue_time", &it)
            frame = .time(it)
        case .throttled(var it):
            visit(&it)
            frame = .throttled(it)
        case .banned(var it):
            visit(&it)
            frame = .banned(it)
        case .quote(var it):
            visit(&it)
            frame = .quote(it)
        case .trade(var it):
            visit(&it)
            frame = .trade(it)
        case .mark(var it):
            visit(&it)
            frame = .mark(it)
        case .error(var it):
            visit(&it)
            frame = .error(it)
        case .funding(var it):
            visit(&it)
            frame = .funding(it)
        case .hello, .subscribe, .submit, .cancel, .amend, .query, .list, .timeRequest, .ping, .pong, .goodbye, .halt,
            .accepted, .rejected, .filled, .cancelled, .expired, .cancelRejected, .replaced, .replaceRejected,
            .reported, .notFound, .forgotten, .listingRefused:
            preconditionFailure("Invariant: only the venue's other frames are walked here")
        }
    }

    private mutating func visitListing(_ frame: inout PaperFrame) {
        switch frame {
        case .listingBegan(var it):
            visit(&it)
            frame = .listingBegan(it)
        case .listedOrder(var it):
            ordinal(&it.ordinal)
            visit(&it.row)
            frame = .listedOrder(it)
        case .listedExecution(var it):
            ordinal(&it.ordinal)
            visit(&it.row)
            frame = .listedExecution(it)
        case .listedPosition(var it):
            ordinal(&it.ordinal)
            visit(&it.row)
            frame = .listedPosition(it)
        case .listedAccount(var it):
            ordinal(&it.ordinal)
            visit(&it.row)
            frame = .listedAccount(it)
        case .listingEnded(var it):
            visit(&it)
            frame = .listingEnded(it)
        case .listedFunding(var it):
            ordinal(&it.ordinal)
            visit(&it.row)
            frame = .listedFunding(it)
        case .hello, .subscribe, .submit, .cancel, .amend, .query, .list, .timeRequest, .ping, .pong, .goodbye, .halt,
            .welcome, .instrument, .accepted, .rejected, .filled, .cancelled, .expired, .cancelRejected, .replaced,
            .replaceRejected, .reported, .notFound, .forgotten, .listingRefused, .time, .throttled, .banned, .quote,
            .trade, .mark, .error, .funding:
            preconditionFailure("Invariant: only frames of a listing are walked here")
        }
    }
}
