/// Every kind of fault there is. One line each; the order is that of RELIABILITY 2 and part of what a seed means: new
/// ones go to the end.
public enum FaultRegistry {
    static let all: [any Fault] = [
        ConnectionCut(),
        AnswersLost(),
        AnswersLate(),
        AnswersTwice(),
        ProcessCrash(),
        PowerLoss(),
        RequestsLost(),
        ChannelBlocked(),
        HalfOpen(),
        DiskSlow(),
        VenueRestart(),
        RequestsLate(),
        CancelsLate(),
        RequestsTwice(),
        FillsLate(),
        FillsRetold(),
        ListingsRefused(),
        ListingsPartial(),
        OrdersForgotten(),
        StreamSilent(),
        VenueThrottles(),
        VenueBans(),
        VenueOverfills(),
        ExternalTrade(),
        OrdersRefused(),
        MarketStuck(),
        BookBroken(),
        SmallPieces(),
        PricesAbsurd(),
        FiltersChange(),
        MarketHalted(),
        DiskFull(),
        DiskErrors(),
        RestartStorm(),
        ConfigurationReload(),
        SignalsContradict(),
        SignalFlood(),
        KillPressed(),
        ClockDrift(),
        ClockStep(),
        KillAfterSignal(),
        PowerLossUnsynced(),
        AmendmentsAsked(),
        ExpiryWhileBlocked(),
        SignalsWhileListing(),
        CancelsWhileBlocked(),
    ]

    /// Names, as `--faults` takes them.
    public static var names: [String] { all.map(\.name) }

    static func fault(named name: String) -> (any Fault)? { all.first { $0.name == name } }
}
