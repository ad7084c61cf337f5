import FairleadModel
import Testing

@testable import FairleadNode

/// Signals of several files as one stream.
@Suite struct SignalTapeTests {
    private static func line(_ id: String, _ second: Int?, _ more: String = "") -> String {
        let time = second.map { #","ts":"2024-08-08T00:00:0\#($0)Z""# } ?? ""
        return #"{"signal_id":"\#(id)"\#(time)\#(more)}"#
    }

    private static func ids(_ tape: SignalTape) throws -> [String] {
        try tape.lines.map { try JSONParser.parse($0.bytes)["signal_id"]?.string ?? "?" }
    }

    /// Goal: files are merged by time; equal times keep the order of the files, and in a file that of its lines.
    /// Method: three files with equal times between and within them, given in both orders.
    @Test func equalTimesKeepTheirOrder() throws {
        let texts = [
            [Self.line("a1", 2), Self.line("a2", 2), Self.line("a3", 5)],
            [Self.line("b1", 1), Self.line("b2", 2), Self.line("b3", nil), Self.line("b4", 9)],
            [Self.line("c1", 2), "", Self.line("c2", 0)],
        ]
        let files = texts.map { SignalFile(Array($0.joined(separator: "\n").utf8)) }
        #expect(try Self.ids(SignalTape(files)) == ["c2", "b1", "a1", "a2", "b2", "b3", "c1", "a3", "b4"])
        #expect(try Self.ids(SignalTape(files.reversed())) == ["c2", "b1", "c1", "b2", "b3", "a1", "a2", "a3", "b4"])
        #expect(SignalTape(files).lines[0].number == 3)
        #expect(SignalTape(files).lines[0].file == 2)
    }

    /// Goal: a file's strategy is given to the signals that name none, and nothing else of a line changes.
    /// Method: lines with and without one, an empty object, and lines that are no object.
    @Test func namesAreGivenWhereThereIsNone() {
        let lines = [
            #"{"signal_id":"1", "meta":{"a":"}"}}  "#, #"{"strategy":"mine"}"#, "{}", "[1]", "nonsense }",
            #"{"strategy":null}"#,
        ]
        let tape = SignalTape([SignalFile(strategy: #"a"b"#, Array(lines.joined(separator: "\n").utf8))])
        let found = tape.lines.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(
            found == [
                #"{"signal_id":"1", "meta":{"a":"}"},"strategy":"a\"b"}  "#, #"{"strategy":"mine"}"#,
                #"{"strategy":"a\"b"}"#, "[1]", "nonsense }", #"{"strategy":null}"#,
            ]
        )
    }
}
