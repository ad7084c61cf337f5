import FairleadModel
import FairleadRuntime
import FairleadTransport
import Foundation
import Testing

/// The control protocol: its page, its strictness, its socket.
@Suite(.serialized)
struct ControlSocketTests {
    private static var page: String {
        get throws {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            return try String(contentsOf: root.appendingPathComponent("docs/CONTROL.md"), encoding: .utf8)
        }
    }

    /// Goal: the page lists every command and every error code, and no other command.
    /// Method: compare the page's table and list with the code's own.
    @Test func thePageIsTrue() throws {
        let page = try Self.page
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let names = rows.map { String($0.dropFirst(3).prefix { $0 != "`" }) }
        #expect(names == ControlCommand.names)
        for code in ControlError.Code.allCases { #expect(page.contains("`\(code.rawValue)`"), "\(code.rawValue)") }
    }

    /// Goal: a socket that can't be had names its path once. Method: what a start says of one that is in use.
    @Test func aSocketsPathIsToldOnce() {
        #expect("\(LiveError("a/s", UnixSocketError.inUse("a/s")))" == "a/s: another process serves it already")
    }

    /// Goal: what is sent is what is understood.
    /// Method: each command with its fields to a line and back.
    @Test func requestsSurviveTheWire() throws {
        let order = try ClientOrderID(text: "fl-0001-00000001-01-0000-00-000000")
        let wide = OverrideRequest(.cooldown, value: 0, until: .after(.seconds(93_784)), reason: "ruhig, \"so\"")
        let narrow = OverrideRequest(
            .orderNotional,
            value: 1,
            until: .at(Timestamp(nanoseconds: 1_800_000_000_123_456_789)),
            reason: "x",
            symbol: "ETHUSDT",
            strategy: "momentum"
        )
        let commands: [ControlCommand] = [
            .status, .health, .orders, .positions, .fills(limit: 7), .stopEntries, .halt(isFrozen: true),
            .halt(isFrozen: false), .kill, .resume, .cancelAll(includesProtective: true), .flatten(symbol: "BTCUSDT"),
            .flatten(symbol: nil), .decidePosition(PositionRequest(.adopt, "BTCUSDT"), isTrial: true),
            .decidePosition(
                PositionRequest(
                    .adopt,
                    "BTCUSDT",
                    side: .short,
                    takeProfit: Price(raw: 1),
                    stopLoss: Price(raw: 2)
                ),
                isTrial: false
            ),
            .decidePosition(PositionRequest(.close, "BTCUSDT", side: .both), isTrial: false),
            .decidePosition(PositionRequest(.ignore, "BTCUSDT", side: .long), isTrial: true), .cancel(order),
            .amend(order, price: Price(raw: 1), quantity: Quantity(raw: 2)),
            .resolve(order, .filled), .pauseParent(.intent(order.intent)), .resumeParent(.order(order)),
            .cancelParent(.signal(SignalNumber(value: 12))),
            .amendParent(.intent(order.intent), price: Price(raw: 1), quantity: Quantity(raw: 2)), .reconcile,
            .enableSymbol("ETHUSDT"), .disableSymbol("ETHUSDT", side: nil), .disableSymbol("ETHUSDT", side: .sell),
            .enableStrategy("momentum"), .disableStrategy("momentum"), .overrideLimit(wide, isTrial: true),
            .overrideLimit(narrow, isTrial: false), .removeOverride(.pairCorrelation, symbol: nil, strategy: nil),
            .removeOverride(.dayLoss, symbol: "ETHUSDT", strategy: "momentum"), .overrides,
            .resetDrawdown, .confirmNav, .paperReset, .reload,
            .signal(Array(#"{"a":1}"#.utf8)), .notices,
        ]
        for command in commands {
            let request = ControlRequest(id: "x", command)
            #expect(try ControlRequest.decode(request.line) == request)
        }
        #expect(Set(commands.map(\.name)) == Set(ControlCommand.names))
    }

    /// Goal: a wrong request is refused by name and field.
    /// Method: a table of lines with the code and field that each must bring.
    @Test(arguments: [
        ("", "malformed", "request"), ("[]", "malformed", "request"),
        (#"{"command":"nope"}"#, "unknown_command", "command"),
        (#"{}"#, "missing_field", "command"), (#"{"command":1}"#, "wrong_type", "command"),
        (#"{"command":"status","x":1}"#, "unknown_field", "x"), (#"{"command":"resume"}"#, "not_confirmed", "confirm"),
        (#"{"command":"confirm_nav"}"#, "not_confirmed", "confirm"),
        (#"{"command":"reset_drawdown"}"#, "not_confirmed", "confirm"),
        (#"{"command":"disable_symbol","symbol":"BTCUSDT","side":"up"}"#, "out_of_range", "side"),
        (#"{"command":"enable_strategy","strategy":"x"}"#, "not_confirmed", "confirm"),
        (#"{"command":"remove_override","rule":"symbol_cap"}"#, "not_confirmed", "confirm"),
        (#"{"command":"override_limit","rule":"symbol_cap"}"#, "not_confirmed", "confirm"),
        (#"{"command":"override_limit","dry_run":1}"#, "wrong_type", "dry_run"),
        (#"{"command":"override_limit","dry_run":true,"rule":"symbol_cap","value":"1.1"}"#, "out_of_range", "value"),
        (#"{"command":"override_limit","dry_run":true,"rule":"cooldown","value":"1e1"}"#, "out_of_range", "value"),
        (#"{"command":"adopt_position","symbol":"BTCUSDT"}"#, "not_confirmed", "confirm"),
        (#"{"command":"close_position","symbol":"BTCUSDT"}"#, "not_confirmed", "confirm"),
        (#"{"command":"ignore_position","symbol":"BTCUSDT"}"#, "not_confirmed", "confirm"),
        (#"{"command":"adopt_position","confirm":true}"#, "missing_field", "symbol"),
        (
            #"{"command":"adopt_position","confirm":true,"symbol":"BTCUSDT","position_side":"long"}"#, "out_of_range",
            "position_side"
        ),
        (
            #"{"command":"adopt_position","confirm":true,"symbol":"BTCUSDT","stop_loss":"0"}"#, "out_of_range",
            "stop_loss"
        ),
        (
            #"{"command":"adopt_position","confirm":true,"symbol":"BTCUSDT","take_profit":"1e1"}"#, "out_of_range",
            "take_profit"
        ),
        (
            #"{"command":"close_position","confirm":true,"symbol":"BTCUSDT","stop_loss":"1"}"#, "unknown_field",
            "stop_loss"
        ),
        (
            #"{"command":"ignore_position","confirm":true,"symbol":"BTCUSDT","take_profit":"1"}"#, "unknown_field",
            "take_profit"
        ),
        (#"{"command":"cancel"}"#, "missing_field", "order"),
        (#"{"command":"cancel","order":"abc"}"#, "out_of_range", "order"),
        (#"{"command":"fills","limit":0}"#, "out_of_range", "limit"),
        (#"{"command":"halt","frozen":"yes"}"#, "wrong_type", "frozen"),
        (#"{"command":"amend","order":"fl-0001-00000001-01-0000-00-000000"}"#, "missing_field", "price"),
        (#"{"command":"amend","order":"fl-0001-00000001-01-0000-00-000000","price":"1e3"}"#, "out_of_range", "price"),
        (#"{"command":"amend","order":"fl-0001-00000001-01-0000-00-000000","price":"-1"}"#, "out_of_range", "price"),
        (#"{"command":"kill","":1}"#, "unknown_field", #""""#),
        (#"{"command":"status","id":[]}"#, "wrong_type", "id"),
    ])
    func faultsAreNamed(_ line: String, _ code: String, _ field: String) {
        do throws(ControlError) {
            let request = try ControlRequest.decode(Array(line.utf8))
            Issue.record("\(line) was understood as \(request)")
        } catch {
            #expect(error.code.rawValue == code)
            #expect(error.field == field)
        }
    }

    /// Goal: the socket is its owner's alone, and goes away with the engine; too many clients are turned away.
    /// Method: the file's mode while it runs; clients up to the limit and one more; the file after the stop.
    @Test func theSocketIsPrivateAndBounded() throws {
        let live = try LiveFixture()
        let attributes = try FileManager.default.attributesOfItem(atPath: live.paths.controlSocket)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        var clients: [ControlClient] = []
        for _ in 0..<8 {
            let client = try ControlClient(path: live.paths.controlSocket)
            _ = try client.request(ControlRequest(.health).line)
            clients.append(client)
        }
        let extra = try ControlClient(path: live.paths.controlSocket)
        let refused = try JSONParser.parse(try extra.request(ControlRequest(id: "x", .health).line))
        #expect(refused["id"]?.string == "x")
        #expect(refused["error"]?["code"]?.string == "too_many_clients")
        #expect(refused["error"]?["message"]?.string?.contains("control.clients is 8") == true)
        #expect(try extra.receive() == nil)
        clients = []
        #expect(
            live.waitUntil {
                do { return try live.ask(.health) != .null } catch { return false }
            }
        )
        live.stop()
        #expect(!FileManager.default.fileExists(atPath: live.paths.controlSocket))
        #expect(throws: UnixSocketError.notServed(live.paths.controlSocket)) {
            _ = try ControlClient(path: live.paths.controlSocket)
        }
    }

    /// Goal: what waits for a client that doesn't read is bounded: it isn't read either. Method: requests until none
    /// has gone out for two seconds, then all their answers.
    @Test func whoDoesNotReadIsNotRead() throws {
        let live = try LiveFixture()
        defer { live.stop() }
        let output = try python(
            live,
            #"""
            import socket, sys, time
            client = socket.socket(socket.AF_UNIX)
            client.connect(sys.argv[1])
            client.settimeout(2)
            line, sent = b'{"command":"status"}\n' * 100, 0
            try:
                while sent < 100_000:
                    client.sendall(line)
                    sent += 100
            except TimeoutError:
                pass
            answered = 0
            client.settimeout(10)
            while answered < sent:
                answered += client.recv(1 << 20).count(b"\n")
            print(sent < 100_000, answered >= sent)
            """#,
            []
        )
        #expect(output == "True True\n")
        #expect(try live.ask(.health) != .null)
    }

    /// Goal: observers that stay connected and ask nothing keep nobody from halting; whoever finds no place at all is
    /// told why, and a place that nobody uses is free again. Method: all places taken by idle clients, then `halt`; the
    /// reserved ones taken too, one more client, and `kill` once their patience is over.
    @Test func idleClientsKeepNobodyFromHalting() throws {
        let live = try LiveFixture()
        func connect() throws -> ControlClient { try ControlClient(path: live.paths.controlSocket) }
        func code(_ line: [UInt8]?) throws -> String? {
            try line.flatMap { try JSONParser.parse($0)["error"]?["code"]?.string }
        }
        let idle = try (0..<8).map { _ in try connect() }
        #expect(try live.ask(.halt(isFrozen: false))["trading_state"]?.string == "halted")
        let late = try (0..<4).map { _ in try connect() }
        #expect(
            try live.waitUntil(seconds: 10) {
                let extra = try connect()
                return try code(extra.receive()) == "too_many_clients"
            }
        )
        for client in late {
            #expect(try code(client.receive()) == "too_many_clients")
            #expect(try client.receive() == nil)
        }
        #expect(try live.ask(.kill)["trading_state"]?.string == "killed")
        let answer = try idle[0].request(ControlRequest(.status).line)
        let status = try JSONParser.parse(answer, limits: JSONLimits(bytes: 1 << 24))["result"]
        #expect((status?["losses"]?["clients"]?.integer ?? 0) >= 5)
        let log = try String(contentsOfFile: live.paths.logs + "/fairlead.log", encoding: .utf8)
        #expect(log.contains(#""event":"client_refused""#))
    }

    /// Goal: a socket that somebody removed is made anew while the engine runs, and that is told.
    /// Method: remove it, and ask until somebody answers there.
    @Test func aRemovedSocketIsMadeAnew() throws {
        let live = try LiveFixture()
        try FileManager.default.removeItem(atPath: live.paths.controlSocket)
        #expect(
            live.waitUntil(seconds: 20) {
                do { return try live.ask(.health) != .null } catch { return false }
            }
        )
        let attributes = try FileManager.default.attributesOfItem(atPath: live.paths.controlSocket)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let log = try String(contentsOfFile: live.paths.logs + "/fairlead.log", encoding: .utf8)
        #expect(log.contains("was removed; it is made anew"))
        live.stop()
        #expect(!FileManager.default.fileExists(atPath: live.paths.controlSocket))
    }

    /// Goal: the page's client works as it stands there.
    /// Method: cut it out of the page, run it with python3 against a live engine, and read what it prints.
    @Test func thePythonClientOfThePageWorks() throws {
        let page = try Self.page
        let start = try #require(page.range(of: "```python\n"))
        let end = try #require(page.range(of: "```", range: start.upperBound..<page.endIndex))
        let live = try LiveFixture()
        let words = ["status", "halt", "positions", "nope"]
        let output = try python(live, String(page[start.upperBound..<end.lowerBound]), words)
        let lines = output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines.first?.contains(#""environment": "paper""#) == true)
        #expect(lines.dropFirst().first?.contains(#""trading_state": "halted""#) == true)
        #expect(lines.last?.contains("unknown_command") == true)
    }

    /// What a program prints that is given the socket's path, and the words behind it.
    private func python(_ live: LiveFixture, _ text: String, _ words: [String]) throws -> String {
        let script = live.directory.path + "/client.py"
        try Data(text.utf8).write(to: URL(fileURLWithPath: script))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script, live.paths.controlSocket] + words
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return output
    }
}
