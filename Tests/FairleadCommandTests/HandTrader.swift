import FairleadModel
import FairleadPaper
import Foundation
import Testing

@testable import FairleadTransport

/// Another client of the venue's account, that trades by hand: on the paper wire, and with ids that no engine gives.
final class HandTrader {
    private let stream: FileHandle
    private var reader = PaperFrameReader()
    private var symbols: [String] = []
    private var trades: UInt32 = 0

    /// Connects to a venue that listens at `socket`, as a client that nobody else is.
    init(socket: String, client: UInt32 = 77) throws {
        stream = FileHandle(fileDescriptor: try UnixSocket.connect(socket), closeOnDealloc: true)
        try send(.hello(PaperHello(client: client, session: 1)))
        var announced: UInt16?
        while announced.map({ symbols.count < Int($0) }) ?? true {
            switch try next() {
            case .welcome(let welcome): announced = welcome.instruments
            case .instrument(let row): symbols.append(row.symbol.text)
            case let frame: if case .error(let fault) = frame { Issue.record("the venue says \(fault)") }
            }
        }
    }

    /// Takes so much at once; returns when all of it is filled, whatever the touch shows at a time.
    func trade(_ symbol: String, _ side: Side, _ quantity: Quantity) throws {
        let index = try #require(symbols.firstIndex(of: symbol))
        trades += 1
        let order = PaperOrder(
            id: ClientOrderID(
                epoch: Epoch(number: .max),
                parent: trades,
                leg: .direct,
                slice: 0,
                attempt: 0,
                slot: 0
            ),
            instrument: InstrumentHandle(index),
            side: side,
            type: .market,
            quantity: quantity
        )
        try send(.submit(order))
        var filled = Quantity.zero
        while filled < quantity {
            switch try next() {
            case .filled(let execution) where execution.id == order.id: filled += execution.quantity
            case .rejected(let rejection):
                Issue.record("the venue rejects the trade: \(rejection.reason)")
                return
            default: continue
            }
        }
    }

    private func send(_ frame: PaperFrame) throws {
        var bytes = ContiguousArray<UInt8>()
        frame.append(number: frame.isRequest ? trades : 0, to: &bytes)
        try stream.write(contentsOf: Data(bytes))
    }

    private func next() throws -> PaperFrame {
        while true {
            if let message = try reader.next() { return message.frame }
            let data = stream.availableData
            try #require(!data.isEmpty, "the venue has closed the connection")
            reader.append(Array(data).span)
        }
    }
}

extension PaperFrame {
    /// What is answered under a number of its own.
    fileprivate var isRequest: Bool { if case .submit = self { true } else { false } }
}
