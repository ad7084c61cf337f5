#if MUTANTS
    internal import Synchronization

    /// The seeded bugs of `make mutants`: each breaks one promise of the production code, and the simulator must
    /// notice it within 200 seeds (RELIABILITY 1, "mutation bar"). Compiled only with `-D MUTANTS`; a release never
    /// holds them.
    ///
    /// One of them, or none, is on for the whole process: `fairlead-simulate --mutant N|NAME`. A site is a line
    /// between `#if MUTANTS` and `#endif`, where the bug would stand.
    @frozen public enum Mutant: UInt8, CaseIterable, Sendable {
        case fillIsBookedAsOftenAsItIsTold = 1
        case orderWithoutAnswerIsSentAgainUnderANewId
        case orderWithoutAnswerIsTakenForDead
        case failedListingIsTakenForFlat
        case exitGoesToTheWrongSide
        case commitSaysDurableWithoutASync
        case entryLeavesBeforeItsIntentIsDurable
        case tornRecordIsTakenWithoutItsCheckSum
        case feeIsForgotten
        case exitIsSentTwice
        case exitIsNotBoundedByThePosition
        case takerIsSentBeforeTheMakerIsGone
        case makerLosesItsPostOnlyFlag
        case makerFillIsNotCountedToItsParent
        case reservationIsGivenBackWhenNoAnswerComes
        case snapshotForgetsTheSignalsSeen
        case duplicateSignalMakesASecondParent
        case limitsOfYesterdayStayInForce
        case waitingEntryLeavesInSpiteOfAKill
        case expiredSignalIsSentAfterWaiting
        case entryLeavesBeforeTheVenueIsReconciled
        case amendedOrderCountsWithItsNewQuantityAtOnce
        case oneNotFoundIsTakenForDeath
        case unansweredCancelIsTakenForCancelled
        case partialFillIsTakenForTheWhole
        case fillAfterTheEndIsDropped
        case fillsOwedByACancelAreNotAwaited
        case fillOfAnotherClientIsBookedToOurOrder
        case listingIsAskedFromTheLastFillOnly
        case idsStartAnewInEachLife
        case quantityIsRoundedUp
        case cancelWaitsBehindEntries
        case dayNeverBeginsAnew
        case twapLetsTheWholeGoAtOnce
        case twapCatchesUpWithoutBound
        case vwapLetsTheWholeGoAtOnce
        case vwapCatchesUpWithoutBound
        case povLetsTheWholeGoAtOnce
        case povForgetsItsRate
        case icebergShowsTheWhole
        case icebergTipGrows
        case stopIsSetBackWhenThePositionGrows
        case levelsStayWhenThePositionIsGone
        case adaptiveExploresWithoutEnd
        case adaptiveActsWithoutSamples
        case overrideOutlivesItsEnd
        case overrideOfASymbolHoldsForAll
        case nativeStopStaysSmallWhenThePositionGrows
        case nativeOrdersOutliveTheirLevel
        case externalTradeDoesNotLock
        case adoptionForgetsItsLevels

        private static let chosen = Atomic<UInt8>(0)

        /// Whether this one is on.
        public static func isOn(_ mutant: Mutant) -> Bool { chosen.load(ordering: .relaxed) == mutant.rawValue }

        /// Turns one on, by its number or its name; false where none is called so.
        public static func choose(_ word: String) -> Bool {
            guard let found = allCases.first(where: { $0.name == word || "\($0.rawValue)" == word }) else {
                return false
            }
            chosen.store(found.rawValue, ordering: .relaxed)
            return true
        }

        /// What the bug is, in words with dashes between them.
        public var name: String {
            var words = ""
            for character in "\(self)" {
                if character.isUppercase { words += "-" }
                words += character.lowercased()
            }
            return words
        }
    }
#endif
