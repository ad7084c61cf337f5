/// Every rule that is judged, made anew for each seed.
public enum InvariantRegistry {
    static func make() -> ContiguousArray<any Invariant> {
        [
            NoOverExecution(), AtMostOnce(), FillIntegrity(), Conservation(), PostOnlyMakes(), KillHolds(),
            WriteAhead(), Determinism(),
            ParentsEnd(), LedgersAgree(), NothingUnknown(), ReconciledAgain(), SignalsAreDisposed(),
            OrderSteps(), ReducingReduces(), ClampReduces(), OnGrid(), ReconciledFirst(), BansHold(), ExpiredStays(),
            OneReason(), SoundConfiguration(), Bounded(), SingleWriter(), NoOrphan(), KillCancels(), BansEnd(),
            JournalRecovers(),
            EndsAreTrue(), GuardAgrees(), CashConserved(), ReducesOnly(), IntentsAreUsedOnce(), CancelsFirst(),
            LimitsHold(), DayBegins(), DivergencesAreTrue(), DurableFirst(), FillsAreAwaited(),
            DamageIsSeen(), LevelsAreEarned(), StopsTighten(), PositionsProtected(), CrossedLevelsFire(),
            MakersRecover(), NativeLevelsFit(),
            FundingIsBooked(),
            TwapScheduleHolds(),
            AdaptiveKeepsItsRails(),
            OthersAreLeftAlone(),
            PublishedWhole(), PublishedLately(), LogsAreTheJournal(),
        ]
    }

    /// Ids in the order in which they are judged.
    public static var ids: [String] { make().map(\.id) }
}
