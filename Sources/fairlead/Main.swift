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
        do {
            var command = try Fairlead.parseAsRoot(arguments)
            try command.run()
            return .success
        } catch let failure as CommandFailure {
            if !failure.message.isEmpty { Output.diagnostic("fairlead: \(failure.message)") }
            return failure.status
        } catch {
            return ended(error)
        }
    }

    private static func ended(_ error: any Error) -> ExitStatus {
        let code = Fairlead.exitCode(for: error)
        let message = Fairlead.fullMessage(for: error)
        if code == .success {
            if !message.isEmpty { Output.text(message) }
            return .success
        }
        if !message.isEmpty { Output.diagnostic(message) }
        return code == .validationFailure ? .usage : .failure
    }
}
