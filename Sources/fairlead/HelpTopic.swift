/// Pages of `fairlead help TOPIC` that are no command.
enum HelpTopic: String, CaseIterable {
    case exitCodes = "exit-codes"
    case environment

    /// The topic of `help TOPIC`; nil for any other command line.
    init?(_ arguments: [String]) {
        guard arguments.count == 2, arguments[0] == "help" else { return nil }
        self.init(rawValue: arguments[1])
    }

    var text: String {
        switch self {
        case .exitCodes:
            let rows = ExitStatus.allCases.map { status -> String in
                let number = "\(status.rawValue)"
                return String(repeating: " ", count: 5 - number.count) + number + "  " + status.meaning
            }
            return (["EXIT CODES"] + rows).joined(separator: "\n")
        case .environment:
            return """
                ENVIRONMENT
                  FAIRLEAD__SECTION__KEY  replaces a key of the configuration: FAIRLEAD__ROUTER__MAX_SPREAD_BPS=12;
                                          fairlead config show --origin says which ones are in effect
                  NO_COLOR                not empty: no colours
                  TERM=dumb               no colours
                """
        }
    }
}
