import FairleadModel

/// Why a fault can't meet an order in a state.
enum CoverageReason: String, CaseIterable {
    case withinOneStep = "an order is made and handed out in one step: nothing comes between"
    case acceptedWorks = "the paper venue's acceptance says that the order works"
    case onlyLive = "a fault of one moment is marked by the orders that live in it"

    var letter: String {
        switch self {
        case .withinOneStep: "a"
        case .acceptedWorks: "b"
        case .onlyLive: "c"
        }
    }
}

/// The holes of the table of marks that are none, each with its reason. A long run fails on every other.
enum CoverageReasons {
    static func reason(_ fault: any Fault, column: Int) -> CoverageReason? {
        let name = CoverageMarks.columns[column]
        if name == "\(OrderState.created)" { return .withinOneStep }
        if name == "\(OrderState.accepted)" { return .acceptedWorks }
        if name == "ended", isMomentary(fault) { return .onlyLive }
        return nil
    }

    /// Over as soon as it has begun.
    private static func isMomentary(_ fault: any Fault) -> Bool {
        var random = DeterministicRandom(seed: 1)
        return fault.shape(&random).lasts == .zero
    }
}
