import ArgumentParser
import FairleadModel
import FairleadRuntime

// What a person orders of one order, or of a whole intent: it may have no order out at the moment.

/// An order, or a parent by its intent or its signal.
struct WorkArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("fl-..., i-..., s-... or the signal's own id.", valueName: "ID"))
    var id: String

    /// nil where a parent is meant.
    var order: ClientOrderID? {
        do throws(IdentifierError) { return try ClientOrderID(text: id) } catch { return nil }
    }

    /// The parent that is meant; a signal's own id is looked up in the history, or in the journal where that is behind.
    func parent(_ place: PlaceOptions) throws -> ParentSubject {
        if let subject = ParentSubject(text: id) { return subject }
        let journal = JournalView(place.paths)
        if let number = try HistoryView.open(journal, isRunning: true)?.number(ofSignal: id) { return .signal(number) }
        if let number = try journal.number(ofSignal: id) { return .signal(number) }
        let reason = "\(LogLine.plain(id)) is no order, intent or signal of this engine"
        throw CommandFailure(.invalidInput, reason + "; \(Program.name) orders\(place.flags) lists what is at work")
    }
}

extension OrdersCommand {
    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel",
            abstract: "Cancel an order or an intent, with all that it would still send.",
            discussion: """
                An order's intent ends with it: a TWAP sends no further slice.

                EXAMPLES
                  fairlead orders cancel fl-0001-0000000c-01-0000-00-000003
                  fairlead orders cancel i-0001-0000000c       a TWAP, between two slices too
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var work: WorkArgument

        func run() throws {
            let command: ControlCommand =
                if let order = work.order { .cancel(order) } else { .cancelParent(try work.parent(place)) }
            try Report.result(try EngineClient(place).ask(command), output) { Self.sentence(work.id, $0) }
        }

        /// An order is the work of an intent, which ends with it.
        static func sentence(_ id: String, _ found: JSONValue) -> String {
            guard let intent = found["intent_id"]?.string, intent != id else { return "cancelling \(id)" }
            return "cancelling \(id), and with it all that \(intent) would still send"
        }
    }

    struct Amend: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "amend",
            abstract: "Change a working order's limit or its total quantity, or those of a whole intent.",
            discussion: """
                An intent becomes smaller only, never under what is filled or at work;
                a TWAP shares the rest anew.

                EXAMPLES
                  fairlead orders amend fl-0001-0000000c-01-0000-00-000003 --price 61800.2
                  fairlead orders amend i-0001-0000000c --quantity 0.25
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var work: WorkArgument

        @Option(name: .long, help: "The new limit, a plain decimal on the tick: 61800.2.")
        var price: Price?

        @Option(name: .long, help: "The new total quantity, what is filled included; a plain decimal.")
        var quantity: Quantity?

        func validate() throws {
            guard price != nil || quantity != nil else { throw ValidationError("give --price, --quantity or both") }
        }

        func run() throws {
            let (limit, total) = (price ?? .zero, quantity ?? .zero)
            let command: ControlCommand =
                if let order = work.order {
                    .amend(order, price: limit, quantity: total)
                } else {
                    .amendParent(try work.parent(place), price: limit, quantity: total)
                }
            try Report.result(try EngineClient(place).ask(command), output) { _ in "amending \(work.id)" }
        }
    }

    struct Pause: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause",
            abstract: "Hold an intent back: its order is cancelled, nothing more is sent. Exits are never paused.",
            discussion: """
                A TWAP's clock stands meanwhile; the signal's own end does not wait.

                EXAMPLES
                  fairlead orders pause i-0001-0000000c
                  fairlead orders pause my-signal-1
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var work: WorkArgument

        func run() throws {
            let command = ControlCommand.pauseParent(try work.parent(place))
            try Report.result(try EngineClient(place).ask(command), output) { _ in "\(work.id) is paused" }
        }
    }

    struct Resume: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume",
            abstract: "Let a paused intent go on.",
            discussion: """
                EXAMPLES
                  fairlead orders resume i-0001-0000000c
                """
        )

        @OptionGroup var place: PlaceOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var work: WorkArgument

        func run() throws {
            let command = ControlCommand.resumeParent(try work.parent(place))
            try Report.result(try EngineClient(place).ask(command), output) { _ in "\(work.id) goes on" }
        }
    }
}
