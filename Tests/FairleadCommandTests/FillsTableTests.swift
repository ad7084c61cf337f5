import FairleadConfiguration
import FairleadModel
import FairleadNode
import FairleadStore
import Foundation
import Testing

@testable import fairlead

@Suite struct FillsTableTests {
    /// Goal: a cell is what was meant, whatever it holds. Method: commas, quotes, line ends, formulas.
    @Test func cellsAreQuoted() {
        #expect(FillsTable.cell("plain") == "plain")
        #expect(FillsTable.cell("a,b") == "\"a,b\"")
        #expect(FillsTable.cell("say \"no\"") == "\"say \"\"no\"\"\"")
        #expect(FillsTable.cell("two\nlines") == "\"two\nlines\"")
        #expect(FillsTable.cell("two\r\nlines") == "\"two\r\nlines\"")
        #expect(FillsTable.cell("=1+1") == "'=1+1")
        #expect(FillsTable.cell("@x,y") == "\"'@x,y\"")
        #expect(FillsTable.cell("") == "")
    }

    /// Goal: every number is exact, a rebate stays a number, and each row has a cell for each column. Method: a fill
    /// of which every figure is known.
    @Test func numbersAreExact() throws {
        let configuration = try ConfigurationDecoder.resolve(InitialDocuments.documents).get()
        let execution = Execution(
            id: ClientOrderID(epoch: Epoch(number: 1), parent: 12, leg: .maker, slice: 0, attempt: 0, slot: 3),
            executionID: ExecutionID(value: 77),
            instrument: InstrumentHandle(0),
            side: .sell,
            positionSide: .both,
            price: try Price(text: "61800.12345678"),
            quantity: try Quantity(text: "0.00000003"),
            fee: -1,
            liquidity: .maker,
            venueTime: .never
        )
        let fill = FillRecord(
            execution: execution,
            number: SignalNumber(value: 9),
            venueOrderID: .none,
            arrival: .zero,
            intended: try Price(text: "61800"),
            realized: -250_000_000,
            isLate: false,
            isExternal: false
        )
        let entry = NoticeEntry(sequence: 5, time: Timestamp(milliseconds: 1_723_075_200_123), notice: .filled(fill))
        let found = FoundFills(
            rows: [StoredFill(entry: entry, signalID: "=a,b", strategy: nil)],
            names: RunNames(configuration.engine.instruments),
            keptSince: .null,
            through: .null
        )
        let text = FillsTable.text(found, configuration.engine.instruments, feeAsset: "USDT")
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("time,symbol,side,position_side,price,quantity,notional,fee,fee_asset,liquidity,"))
        #expect(
            lines[1] == "2024-08-08T00:00:00.123000000Z,BTCUSDT,SELL,BOTH,61800.12345678,0.00000003,"
                + "0.0018540037037034,-0.00000001,USDT,maker,-2.5,fl-0001-0000000c-01-0000-00-000003,"
                + "i-0001-0000000c,s-9,\"'=a,b\",,77,,,,61800,false,false"
        )
    }

    /// Goal: a moment is UTC or an age; anything else is refused. Method: one of each.
    @Test func momentsAreRead() {
        #expect(Since(argument: "2024-08-08T00:00:00Z")?.moment == Timestamp(milliseconds: 1_723_075_200_000))
        for age in ["90m", "12h", "7d", "0m"] { #expect(Since(argument: age) != nil) }
        for text in ["", "yesterday", "-1h", "5", "h", "9999999d", "2024-08-08"] {
            #expect(Since(argument: text) == nil)
        }
    }
}
