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
                return "\(before.joined(separator: " ")) has: \(names.joined(separator: ", "))"
            }
            return "did you mean \"\((before + [meant]).joined(separator: " "))\"?"
        }
        return nil
    }

    /// The commands under a command, groups included.
    static func commands(of type: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        type.configuration.subcommands + type.configuration.groupedSubcommands.flatMap(\.subcommands)
    }
}
