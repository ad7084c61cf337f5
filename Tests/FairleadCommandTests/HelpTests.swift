import ArgumentParser
import FairleadModel
import Foundation
import Testing

@testable import fairlead

/// What the command line says of itself.
struct HelpTests {
    /// Every command that does something, with its words.
    private static func leaves(
        _ type: any ParsableCommand.Type = Fairlead.self,
        _ path: [String] = []
    ) -> [(path: [String], type: any ParsableCommand.Type)] {
        let commands = CommandHint.commands(of: type)
        if commands.isEmpty { return [(path, type)] }
        return commands.flatMap { leaves($0, path + [$0._commandName]) }
    }

    /// Goal: each command shows how it is typed, and takes the flags that all take.
    /// Method: walk the tree; look for an example that begins with the command's own words, and for the flags' names.
    @Test func eachCommandHasAnExample() {
        let leaves = Self.leaves()
        #expect(leaves.count >= 35)
        let withoutScreen = ["completion", "config schema", "signal generate", "simulate"]
        for (path, type) in leaves {
            let text = Fairlead.helpMessage(for: type, columns: 400)
            let words = path.joined(separator: " ")
            #expect(text.contains("EXAMPLES"), "\(words)")
            let isDefault = words == "orders list" || words == "positions list"
            let typed = "fairlead \(isDefault ? words.split(separator: " ")[0] : words[...])"
            #expect(text.components(separatedBy: typed).count > 2, "\(words) has no example of its own")
            if withoutScreen.contains(words) { continue }
            for flag in ["--json", "--plain", "--no-color", "--quiet", "--verbose"] {
                #expect(text.contains(flag), "\(words) lacks \(flag)")
            }
        }
    }

    /// Goal: no help breaks in the middle of a sentence on a terminal of 80 columns.
    /// Method: the lines of every command's text as they are written.
    @Test func helpFitsATerminal() {
        for (path, type) in Self.leaves() + [([], Fairlead.self)] {
            for line in type.configuration.discussion.split(separator: "\n") {
                #expect(line.count <= 80, "\(path): \(line)")
            }
        }
    }

    /// Goal: every command of the tree stands in the manual, and every exit code with the same words.
    /// Method: look for each in docs/COMMAND-LINE.md and in the page of `help exit-codes`.
    @Test func theManualNamesEverything() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let manual = try String(contentsOf: root.appendingPathComponent("docs/COMMAND-LINE.md"), encoding: .utf8)
        for (path, _) in Self.leaves() {
            let word = path.last ?? ""
            #expect(manual.contains("`\(path.joined(separator: " "))") || manual.contains("`\(word)`"), "\(path)")
        }
        let page = HelpTopic.exitCodes.text
        for status in ExitStatus.allCases {
            #expect(manual.contains("| \(status.rawValue) | \(status.meaning) |\n"), "\(status)")
            #expect(page.contains(" \(status.rawValue)  \(status.meaning)"), "\(status)")
        }
    }

    /// Goal: a slip of the fingers is answered with what was meant, and never runs as something else.
    /// Method: mistyped command lines, with what each shall say; all end with 2.
    @Test(arguments: [
        ("statsu", "did you mean \"fairlead status\"?"), ("config shwo", "did you mean \"fairlead config show\"?"),
        ("orders cancl x", "did you mean \"fairlead orders cancel\"?"),
        ("help exit-code", "did you mean \"fairlead help exit-codes\"?"),
        ("helth", "did you mean \"fairlead health\"?"),
    ])
    func slipsAreUnderstood(_ typed: String, _ said: String) {
        let words = typed.split(separator: " ").map(String.init)
        #expect(CommandHint.text(words) == said)
        #expect(Main.run(words) == .usage)
    }

    /// Goal: what is right gets no hint, and what is far off gets the list.
    /// Method: two right command lines and a wild one.
    @Test func hintsAreForSlipsOnly() {
        #expect(CommandHint.text(["status", "--json"]) == nil)
        #expect(CommandHint.text(["signal", "validate", "file"]) == nil)
        #expect(CommandHint.text(["venue", "xylophone"]) == "fairlead venue has: paper, ledger")
    }

    /// Goal: a word that is no command is named, whatever flags follow, and what may be an argument is left alone.
    /// Method: wild words alone and with a flag, under a group with a usual command and under one without.
    @Test func unknownCommandsAreNamed() {
        let alone = CommandHint.unknown(["support-bundle"])
        #expect(alone?.hasPrefix("support-bundle is no command; fairlead has: run, backtest, ") == true)
        #expect(CommandHint.unknown(["support-bundle", "--home", "run"]) == alone)
        #expect(CommandHint.unknown(["statsu", "-v"]) == "statsu is no command; did you mean \"fairlead status\"?")
        let under = CommandHint.unknown(["venue", "xylophone"])
        #expect(under == "xylophone is no command; fairlead venue has: paper, ledger")
        #expect(CommandHint.unknown(["status", "--bogus"]) == nil)
        #expect(CommandHint.unknown(["risk", "override", "max_order_notional", "-5"]) == nil)
        #expect(CommandHint.text(["risk", "override", "max_order_notional", "-5"]) == nil)
        #expect(CommandHint.unknown(["orders", "lst"]) == nil)
        let whole = (CommandHint.text(["help", "xylophone"]) ?? "").split(separator: ":").last ?? ""
        let listed = whole.split(separator: ",").map { $0.drop { $0 == " " } }
        #expect(listed.count > 20)
        #expect(Set(listed).count == listed.count, "\(listed)")
    }

    /// Goal: who cancels one slice reads that its intent ends too, and who may not write ends with 77.
    /// Method: the sentence of an order and of an intent; errors of the file system.
    @Test func sentencesSayWhatElseHappens() {
        let found: JSONValue = ["client_order_id": "fl-1", "intent_id": "i-0001-0000000c"]
        let slice = OrdersCommand.Cancel.sentence("fl-1", found)
        #expect(slice == "cancelling fl-1, and with it all that i-0001-0000000c would still send")
        #expect(OrdersCommand.Cancel.sentence("i-0001-0000000c", found) == "cancelling i-0001-0000000c")
        #expect(OrdersCommand.Cancel.sentence("s-1", .null) == "cancelling s-1")
        #expect(InitCommand.status(of: CocoaError(.fileWriteNoPermission)) == .permission)
        #expect(InitCommand.status(of: CocoaError(.fileWriteOutOfSpace)) == .failure)
    }

    /// Goal: a negative number is refused for what it is, and not as a missing value.
    /// Method: one behind each kind of option, one alone, flags that are none; such lines end with 2.
    @Test func negativeNumbersAreNamed() {
        let amend = ["orders", "amend", "i-0001-00000003", "--quantity", "-5"]
        #expect(CommandHint.negative(amend) == "--quantity must be greater than 0, is -5")
        #expect(CommandHint.negative(["fills", "--limit", "-1"]) == "--limit must be greater than 0, is -1")
        #expect(CommandHint.negative(["signal", "generate", "--seed", "-1.5"]) == "--seed can't be negative, is -1.5")
        let set = ["risk", "override", "max_order_notional", "-5", "--until", "1h", "--reason", "x"]
        #expect(CommandHint.negative(set) == "a value can't be negative, is -5")
        for words in [amend, set, ["fills", "--limit", "-1"]] { #expect(Main.run(words) == .usage) }
        for words in [["status", "-v"], ["signal", "send", "-"], ["top", "--bogus"]] {
            #expect(CommandHint.negative(words) == nil)
        }
    }

    /// Goal: each shell gets a script that knows the commands.
    /// Method: generate all three and look for commands and flags in them; another shell is refused.
    @Test func completionKnowsTheCommands() {
        for shell in CompletionCommand.Shell.allCases {
            let script = Fairlead.completionScript(for: shell.kind)
            for word in ["stop-entries", "backtest", "no-color", "recover-from-venue"] {
                #expect(script.contains(word), "\(shell) lacks \(word)")
            }
        }
        #expect(Main.run(["completion", "tcsh"]) == .usage)
        #expect(Main.run(["help", "environment"]) == .success)
    }

    /// Goal: plain output is lines with tabs, without colours, aligned by nobody.
    /// Method: a table with and without rows, a tree of values, and flags that exclude each other.
    @Test func plainIsForPrograms() {
        let style = Style(noColor: false, isPlain: true, environment: [:], isTerminal: true)
        #expect(!style.isColored)
        var table = Table([.init("A"), .init("N", isNumber: true)])
        #expect(table.text(style, empty: "nothing") == "A\tN")
        table.add(["x\ty", "1"])
        #expect(table.text(style, empty: "nothing") == "A\tN\nx?y\t1")
        let value: JSONValue = ["a": ["b": "1", "c": [true, .null]], "d": "x\ny"]
        #expect(PlainLines.text(value) == "a.b\t1\na.c.0\tyes\na.c.1\t-\nd\tx?y")
        #expect(Main.run(["version", "--json", "--plain"]) == .usage)
        #expect(Main.run(["version", "--quiet", "--verbose"]) == .usage)
    }
}
