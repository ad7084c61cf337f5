/// The program as it was called: what a person can type again.
enum Program {
    /// `fairlead` where the shell found it on the path, else the path that was typed, quoted where a shell needs it.
    static let name = name(CommandLine.arguments.first ?? "")

    static func name(_ called: String) -> String {
        called.contains("/") ? PlaceOptions.quoted(called) : "fairlead"
    }

    /// A command line that somebody else wrote, as this program would be called.
    static func typed(_ command: String) -> String {
        command.hasPrefix("fairlead ") ? name + command.dropFirst("fairlead".count) : command
    }
}
