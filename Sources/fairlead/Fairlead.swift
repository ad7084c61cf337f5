import ArgumentParser
import FairleadRuntime

/// The root of the command tree.
struct Fairlead: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fairlead",
        abstract: "An execution router for automated traders. This version trades on PAPER only.",
        discussion: """
            EXAMPLES
              fairlead init                          write the three documents to ./config
              fairlead run                           trade on paper until Ctrl-C
              fairlead status                        one screen of what is
              fairlead top                           more of it, refreshing, with keys
              fairlead signal send order.json        hand in a signal
              fairlead why my-signal-1               the chain of one signal, with numbers
              fairlead halt                          no new exposure from now on
              fairlead flatten --yes                 close every position
              fairlead help exit-codes               and: fairlead help environment
              fairlead completion bash               the completion script of a shell
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(name: "Run", subcommands: [RunCommand.self, BacktestCommand.self, VenueCommand.self]),
            CommandGroup(
                name: "Look",
                subcommands: [
                    TopCommand.self, StatusCommand.self, HealthCommand.self, OrdersCommand.self, PositionsCommand.self,
                    FillsCommand.self, WhyCommand.self, TcaCommand.self, JournalCommand.self,
                    DataCommand.self, StateCommand.self,
                ]
            ),
            CommandGroup(
                name: "Direct",
                subcommands: [
                    SignalCommand.self, HaltCommand.self, StopEntriesCommand.self, KillCommand.self,
                    ResumeCommand.self, CancelAllCommand.self, FlattenCommand.self, ReconcileCommand.self,
                    ReloadCommand.self, EnableSymbolCommand.self, RiskCommand.self, PaperResetCommand.self,
                ]
            ),
            CommandGroup(
                name: "Set up",
                subcommands: [
                    InitCommand.self, ConfigCommand.self, DoctorCommand.self, CompletionCommand.self,
                    SimulateCommand.self, VersionCommand.self,
                ]
            ),
        ]
    )
}
