import FairleadConfiguration
import FairleadModel
import FairleadPublication
import FairleadRuntime

/// Where the screen's data comes from: the control socket, the state files, the log. Looking changes nothing.
struct TopSource: Sendable {
    let paths: HomePaths
    /// The directory of the state files.
    let state: String
    /// How often they are made.
    let period: TimeSpan
    /// What a command that is shown must be given to mean the same engine.
    let flags: String

    /// A configuration that can't be used doesn't hide an engine: defaults stand in.
    init(_ place: PlaceOptions) {
        paths = place.paths
        flags = place.flags
        let settings = Self.settings(place)
        state = HomePaths.under(paths.home, settings.directory)
        period = settings.period
    }

    private static func settings(_ place: PlaceOptions) -> StateConfiguration {
        do throws(ConfigurationErrors) { return try place.files.resolve().runtime.state } catch {
            return StateConfiguration()
        }
    }

    /// Looks once. `client` is kept between two looks while the engine answers.
    func read(_ client: inout EngineClient?) -> TopModel {
        let clock = SystemClock()
        var reading = TopReading(time: clock.now)
        ask(&client, &reading)
        reading.files = StateReader(directory: state).snapshot()
        reading.publishPeriod = period
        reading.events = LogTail(directory: paths.logs).events()
        reading.time = clock.now
        return TopModel(reading) { Program.typed($0) + ($0.isEmpty ? "" : flags) }
    }

    private func ask(_ client: inout EngineClient?, _ reading: inout TopReading) {
        do {
            let open = try client ?? EngineClient(paths, flags: flags, timeoutMilliseconds: EngineClient.readerPatience)
            client = open
        } catch {
            // Nobody serves the socket, or it is not for us to see who does.
            reading.contact = Self.contact(error)
            return
        }
        do {
            reading.status = try client?.ask(.status)
            reading.positions = try client?.ask(.positions)
            reading.orders = try client?.ask(.orders)
            reading.contact = .live
        } catch {
            // An answer that is late would be taken for the next one's.
            client = nil
            reading.contact = .silent(Self.sentence(error))
        }
    }

    private static func contact(_ error: any Error) -> TopModel.Contact {
        guard let failure = error as? CommandFailure, failure.status == .unavailable, !failure.isEngineHidden else {
            return .silent(sentence(error))
        }
        return .stopped
    }

    private static func sentence(_ error: any Error) -> String {
        (error as? CommandFailure)?.message ?? "\(error)"
    }

    /// Does what was confirmed, over a connection of its own: it waits behind nobody's question.
    func act(_ action: TopAction) -> (text: String, isGood: Bool) {
        let command: ControlCommand =
            switch action {
            case .halt: .halt(isFrozen: false)
            case .stopEntries: .stopEntries
            }
        do {
            let client = try EngineClient(paths, flags: flags, timeoutMilliseconds: 10_000)
            let result = try client.ask(command)
            let state = result["trading_state"]?.string ?? "?"
            let sends = result["sends_since_engage"]?.lexeme ?? "?"
            return ("\(state): \(sends) increasing sends since; back: \(Program.name) resume\(flags)", true)
        } catch {
            // What was sent may still be done.
            let mayBeDone = (error as? CommandFailure)?.mayBeDone == true
            return ("\(action.name) \(mayBeDone ? "" : "NOT DONE: ")\(Self.sentence(error))", false)
        }
    }
}
