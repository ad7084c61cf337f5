import ArgumentParser
import FairleadConfiguration

/// "Did you mean": the command that a mistyped word was probably meant to be.
enum CommandHint {
    /// `did you mean "status"? ...`; nil when every word of the command line that could be a command is one.
    static func text(_ arguments: [String]) -> String? {
        var type: any ParsableCommand.Type = Fairlead.self
        var path: [String] = []
        let isHelp = arguments.first == "help"
        for word in isHelp ? arguments.dropFirst() : arguments[...] {
            if word.hasPrefix("-") { return nil }
            let known = commands(of: type)
            if known.isEmpty { return nil }
            if let next = known.first(where: { $0._commandName == word }) {
                type = next
                path.append(word)
                continue
            }
            var names = known.map { $0._commandName }
            if path.isEmpty { names += isHelp ? HelpTopic.allCases.map(\.rawValue) : ["help"] }
            let before = (isHelp ? ["fairlead", "help"] : ["fairlead"]) + path
            guard let meant = Suggestion.nearest(to: word, in: names) else {
                // It may be an argument of the group's usual command.
                if type.configuration.defaultSubcommand != nil { return nil }
                return "\(before.joined(separator: " ")) has: \(names.joined(separator: ", "))"
            }
            return "did you mean \"\((before + [meant]).joined(separator: " "))\"?"
        }
        return nil
    }

    /// A whole sentence for a word that is no command, where nothing but a command can stand; nil elsewhere.
    static func unknown(_ arguments: [String]) -> String? {
        guard let hint = text(arguments) else { return nil }
        var type: any ParsableCommand.Type = Fairlead.self
        for word in arguments {
            guard let next = commands(of: type).first(where: { $0._commandName == word }) else {
                // What stands behind a group may be its usual command's own.
                return type.configuration.defaultSubcommand == nil ? "\(word) is no command; \(hint)" : nil
            }
            type = next
        }
        return nil
    }

    /// A sentence for a negative number, which the parser takes for a flag; nil where there is none.
    static func negative(_ arguments: [String]) -> String? {
        guard let at = arguments.firstIndex(where: isNegative) else { return nil }
        guard at > 0, arguments[at - 1].hasPrefix("--") else {
            return "a value can't be negative, is \(arguments[at])"
        }
        let option = arguments[at - 1]
        let isAboveZero = ["--price", "--quantity", "--limit"].contains(option)
        return "\(option) \(isAboveZero ? "must be greater than 0" : "can't be negative"), is \(arguments[at])"
    }

    private static func isNegative(_ word: String) -> Bool {
        guard word.hasPrefix("-"), word.dropFirst().first?.isNumber == true else { return false }
        return word.dropFirst().allSatisfy { $0.isNumber || $0 == "." }
    }

    /// The commands under a command, groups included.
    static func commands(of type: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        // The parser counts those of a group among the others.
        var found: [any ParsableCommand.Type] = []
        for next in type.configuration.subcommands + type.configuration.groupedSubcommands.flatMap(\.subcommands)
        where !found.contains(where: { $0 == next }) {
            found.append(next)
        }
        return found
    }
}
