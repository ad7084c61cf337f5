import ArgumentParser
import FairleadModel
import FairleadRuntime

struct RiskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "risk",
        abstract: "What the risk gateway leaves to a person.",
        subcommands: [Show.self, Disable.self, Enable.self, Override.self, Reset.self, ConfirmNav.self]
    )

    struct ConfirmNav: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "confirm-nav",
            abstract: "Take a NAV that jumped as real: it becomes NAV and peak. Shows it and asks.",
            discussion: """
                A reading far over the peak (nav_anomalies of risk_limits.json) counts as
                no more than the peak until a transfer or a person explains it.
                Exit 4 when no reading waits.

                EXAMPLES
                  fairlead risk confirm-nav
                  fairlead risk confirm-nav --yes
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var confirm: ConfirmOptions

        func run() throws {
            let client = try EngineClient(place)
            let status = try client.ask(.status)
            if let jump = status["nav_jump"]?.string {
                func amount(_ key: String) -> String { Screens.amount(status[key] ?? .null) }
                let (read, counted, peak) = (amount("nav_jump"), amount("nav"), amount("peak_nav"))
                Output.diagnostic("NAV reads \(read); it counts as \(counted), its peak is \(peak)")
                try confirm.require("PAPER: take \(jump) for real? The newest reading becomes NAV and peak.")
            }
            try Report.result(try client.ask(.confirmNav), output) {
                "confirmed: NAV \(Screens.amount($0["nav"] ?? .null))"
            }
        }
    }
}
