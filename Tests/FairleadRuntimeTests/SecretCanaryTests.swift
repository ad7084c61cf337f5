import FairleadConfiguration
import FairleadModel
import FairleadRuntime
import Foundation
import Testing

struct SecretCanaryTests {
    private static let canary = "CANARY-7f3a9c1e5b"

    /// Goal: a secret never gets into the journal, a log, an answer or an error, however it was brought in.
    /// Method: a run whose documents refer to a file that holds a canary, then reloads that hold the canary itself, in
    /// a key, in a part that is only kept, and under a wrong name; every file of the home and every answer is searched.
    @Test func theCanaryIsNowhere() throws {
        let live = try LiveFixture()
        live.stop()
        let path = live.files.path(of: .runtime)
        let key = live.directory.path + "/key"
        try Data(Self.canary.utf8).write(to: URL(fileURLWithPath: key))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        func write(_ members: String) throws {
            let open = try #require(text.firstIndex(of: "{"))
            let changed = "{" + members + "," + text[text.index(after: open)...]
            try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
        }
        try write(#""venues": {"binance": {"api_secret": "file:\#(key)", "settings": {"token": "file:\#(key)"}}}"#)
        try live.start()
        var answers: [String] = []
        func ask(_ line: String) throws { answers.append("\(try live.ask(line))") }
        #expect(try live.waitUntil { try live.ask(.status)["is_reconciled"]?.bool == true })
        try ask(#"{"command":"status"}"#)
        for bad in [
            #""venues": {"binance": {"api_secret": "\#(Self.canary)"}}"#,
            #""venues": {"binance": {"settings": {"api_key": "\#(Self.canary)"}}}"#,
            #""venues": {"binance": {"apisecret": "\#(Self.canary)"}}"#,
            #""venues": {"binance": {"api_secret": ["\#(Self.canary)"]}}"#,
            #""venues": {"binance": {"api_secret": "\#(Self.canary)""#,
        ] {
            try write(bad)
            try ask(#"{"command":"reload"}"#)
            #expect(answers.last?.contains("invalid_configuration") == true, "\(answers.last ?? "")")
            live.run?.reload()
        }
        live.stop()
        #expect(!answers.joined().contains(Self.canary))
        var searched = 0
        for name in try FileManager.default.subpathsOfDirectory(atPath: live.paths.home) {
            guard let bytes = FileManager.default.contents(atPath: live.paths.home + "/" + name) else { continue }
            searched += bytes.count
            #expect(bytes.range(of: Data(Self.canary.utf8)) == nil, "\(name)")
        }
        #expect(searched > 2 << 20)
        let log = try String(contentsOfFile: live.paths.logs + "/fairlead.log", encoding: .utf8)
        #expect(log.contains("\"event\":\"reload\""))
    }
}
