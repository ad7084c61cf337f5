/// Every kind of fault there is. One line each; the order is that of the page and part of what a seed means: new
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
        BookGap(),
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
        SectorsRot(),
        FilesShorten(),
        FilesVanish(),
        SyncFails(),
        FundingPaid(),
        AccountLiquidated(),
        PublisherFull(),
        PublisherErrors(),
        PublisherKilled(),
    ]

    /// Those that concern levels at the venue, drawn with them (`ScenarioDraw+Native`).
    static let ofNativeLevels: [any Fault] = [ConditionsVanish(), TriggersHeld()]

    /// Names, as `--faults` takes them.
    public static var names: [String] { (all + ofNativeLevels).map(\.name) }

    static func fault(named name: String) -> (any Fault)? { (all + ofNativeLevels).first { $0.name == name } }
}
