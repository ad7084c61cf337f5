import ArgumentParser
import FairleadRuntime
import Glibc

/// The command line's entry: parses, runs, and ends with the exit codes of the manual.
@main
enum Main {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        let status = run(Array(CommandLine.arguments.dropFirst()))
        exit(status.rawValue)
    }

    /// Runs one command line and tells how it ended. Text for people goes to stderr, what was asked for to stdout.
    static func run(_ arguments: [String]) -> ExitStatus {
        if let topic = HelpTopic(arguments) {
            Output.text(topic.text)
            return .success
        }
        // The parser answers `help` with an unknown word by the whole help, as if it had been understood.
        if arguments.first == "help", let hint = CommandHint.text(arguments) {
            Output.diagnostic("fairlead: \(arguments.joined(separator: " ")): no such page; \(hint)")
            return .usage
        }
        let began = ContinuousClock.now
        defer { Output.detail("in \((ContinuousClock.now - began) / .milliseconds(1)) ms") }
        do {
            var command = try Fairlead.parseAsRoot(arguments)
            try command.run()
            return .success
        } catch let failure as CommandFailure {
            if !failure.message.isEmpty { Output.diagnostic("fairlead: \(failure.message)") }
            return failure.status
        } catch {
            return ended(error, arguments)
        }
    }

    private static func ended(_ error: any Error, _ arguments: [String]) -> ExitStatus {
        let code = Fairlead.exitCode(for: error)
        let message = Fairlead.fullMessage(for: error)
        if code == .success {
            if !message.isEmpty { Output.text(message) }
            return .success
        }
        if code == .validationFailure, let told = CommandHint.unknown(arguments) ?? CommandHint.negative(arguments) {
            Output.diagnostic("fairlead: \(told)")
            return .usage
        }
        if !message.isEmpty { Output.diagnostic(message) }
        guard code == .validationFailure else { return .failure }
        if let hint = CommandHint.text(arguments) { Output.diagnostic(hint) }
        return .usage
    }
}
