import FairleadModel
import FairleadPaper

/// The paper venue's wire, from both of its ends. The first byte is the size of the pieces in which the rest comes.
enum PaperFuzz {
    private static let instruments = ["BTCUSDT", "ETHUSDT"].map { symbol in
        Instrument(
            symbol: symbol,
            terms: InstrumentTerms(
                tick: Price(raw: 10_000_000),
                lot: Quantity(raw: 100_000),
                minimumQuantity: Quantity(raw: 100_000),
                maximumQuantity: Quantity(raw: 100_000_000_000)
            ),
            origin: "fuzz"
        )
    }

    private static func time(_ step: Int) -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + Int64(step) * 50) }

    /// Calls `body` with each piece and its number.
    private static func pieces(_ bytes: [UInt8], _ body: (ContiguousArray<UInt8>, Int) -> Void) {
        guard let first = bytes.first else { return }
        let size = max(1, Int(first))
        var start = 1
        var step = 0
        while start < bytes.count {
            let end = min(start + size, bytes.count)
            body(ContiguousArray(bytes[start..<end]), step)
            start = end
            step += 1
        }
    }

    static func server(_ bytes: [UInt8]) {
        var configuration = PaperVenueConfiguration(instruments: instruments, startingCash: Money(whole: 10_000))
        configuration.capacities.orders = 64
        configuration.capacities.executions = 128
        var server = PaperServer(venue: PaperVenue(configuration: configuration))
        guard let connection = server.open() else { preconditionFailure("Invariant: the first connection is opened") }
        for index in instruments.indices {
            let quote = Quote(
                instrument: InstrumentHandle(index),
                bid: Price(raw: 10_000_000_000),
                bidQuantity: Quantity(raw: 100_000_000),
                ask: Price(raw: 10_010_000_000),
                askQuantity: Quantity(raw: 100_000_000),
                venueTime: time(0)
            )
            server.market(.quoted(quote), at: time(0))
        }
        pieces(bytes) { piece, step in
            server.received(piece.span, on: connection, at: time(step))
            server.advance(to: time(step))
            _ = server.takeInputs()
            let output = server.output(of: connection)
            server.wrote(output.count, on: connection)
        }
        server.advance(to: time(1_000_000))
        server.closed(connection, at: time(1_000_000))
    }

    static func client(_ bytes: [UInt8]) {
        let configuration = PaperClientConfiguration(client: 1, instruments: instruments)
        var session = PaperClientSession(configuration: configuration)
        session.start(at: time(0))
        drain(&session)
        session.connected(at: time(0))
        pieces(bytes) { piece, step in
            session.received(piece.span, at: time(step))
            drain(&session)
            session.advance(to: time(step))
            drain(&session)
            session.wrote(session.output.count)
        }
        session.disconnected(at: time(1_000_000))
        drain(&session)
    }

    private static func drain(_ session: inout PaperClientSession) {
        var events = 0
        while session.nextAction() != nil {
            events += 1
            FuzzEntry.require(events < 1_000_000, "what a session has to tell comes to an end")
        }
    }
}
