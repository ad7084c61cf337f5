import FairleadConfiguration
import FairleadEngine
import FairleadJournal
import FairleadModel
import FairleadNode
import FairleadPaper

/// Faults: when they begin and end, and what they do to frames.
extension Simulation {
    mutating func begin(_ fault: ScheduledFault) {
        guard let kind = FaultRegistry.fault(named: fault.name) else {
            preconditionFailure("Invariant: a scheduled fault is in the registry")
        }
        report.faults += 1
        trace.note(.text(fault.text), at: now)
        mark(kind.name)
        let terms = ContiguousArray(configuration.engine.instruments.map(\.terms))
        // One that has waited ends with the safety phase, too.
        var fault = fault
        fault.lasts = min(fault.lasts, start + scenario.length - now)
        var window = FaultWindow(fault, kind, terms)
        kind.begin(&window, &self)
        guard fault.lasts > .zero else { return }
        queue.push(.faultEnds(fault.number), at: now + fault.lasts)
        windows.append(window)
        if kind.reach.contains(.disk) { disk.add(window) }
        if kind.reach.contains(.published) { published.disk.add(window) }
        learnReach()
    }

    /// What a fault does in between; nothing once it is over.
    mutating func turn(_ number: Int) {
        guard let place = windows.firstIndex(where: { $0.fault.number == number }) else { return }
        var window = windows[place]
        window.kind.turn(&window, &self)
        windows[place] = window
    }

    mutating func end(_ number: Int) {
        guard let place = windows.firstIndex(where: { $0.fault.number == number }) else { return }
        var window = windows.remove(at: place)
        if window.kind.reach.contains(.disk) { disk.remove(number) }
        if window.kind.reach.contains(.published) { published.disk.remove(number) }
        learnReach()
        window.kind.end(&window, &self)
        trace.note(.text("fault \(number) ends: \(window.kind.name)"), at: now)
    }

    private mutating func learnReach() {
        reach = []
        for window in windows { reach.formUnion(window.kind.reach) }
    }

    /// A fault met an order in a state: the states of all live orders, or none.
    mutating func mark(_ fault: String) {
        var states: [OrderState] = []
        _ = withEngine { engine in engine.forEachLiveOrder { states.append($0.state) } }
        if states.isEmpty { report.marks.add(fault, nil) }
        for state in states { report.marks.add(fault, state) }
    }

    // MARK: - Frames

    static func fate(
        ofRequest message: PaperMessage,
        _ windows: inout ContiguousArray<FaultWindow>,
        at now: Timestamp
    ) -> FrameFate {
        for index in windows.indices where windows[index].kind.reach.contains(.requests) {
            let fate = windows[index].kind.fate(ofRequest: message, &windows[index], at: now)
            if case .pass = fate { continue }
            windows[index].acts += 1
            return fate
        }
        return .pass
    }

    /// After requests were judged on a copy: what struck is marked.
    mutating func takeBack(_ active: ContiguousArray<FaultWindow>) {
        for index in active.indices where active[index].acts > windows[index].acts { mark(active[index].kind.name) }
        windows = active
    }

    /// What the venue's door refused unread, by the venue's own word: no fault has touched it yet.
    mutating func noteRefusals(_ bytes: ContiguousArray<UInt8>) {
        var reader = PaperFrameReader()
        reader.append(bytes.span)
        do throws(PaperFrameError) {
            while let message = try reader.next() {
                switch message.frame {
                case .throttled, .banned: truth.turnedAway(message.number)
                case .rejected(let refusal) where refusal.reason == .throttled || refusal.reason == .banned:
                    truth.turnedAway(refusal.id)
                case .hello, .subscribe, .timeRequest, .ping, .pong, .goodbye, .halt, .submit, .amend, .cancel, .query,
                    .list, .welcome, .instrument, .accepted, .rejected, .filled, .cancelled, .expired, .cancelRejected,
                    .replaced, .replaceRejected, .reported, .notFound, .forgotten, .listingBegan, .listedOrder,
                    .listedExecution, .listedPosition, .listedAccount, .listingEnded, .listingRefused, .time, .quote,
                    .trade, .mark, .error, .funding, .listedFunding:
                    continue
                }
            }
        } catch {
            fail(Violation("S-15", "the venue wrote bytes that are no frames: \(error)"))
        }
    }

    mutating func judgeAnswers(_ bytes: ContiguousArray<UInt8>) {
        var reader = PaperFrameReader()
        reader.append(bytes.span)
        do throws(PaperFrameError) {
            while let message = try reader.next() { judge(message) }
        } catch {
            fail(Violation("S-15", "the venue wrote bytes that are no frames: \(error)"))
        }
    }

    private mutating func judge(_ message: PaperMessage) {
        for index in windows.indices where windows[index].kind.reach.contains(.answers) {
            let fate = windows[index].kind.fate(ofAnswer: message, &windows[index], at: now)
            if case .pass = fate { continue }
            windows[index].acts += 1
            let name = windows[index].kind.name
            trace.note(.frame("\(name)", message), at: now)
            markSubject(name, message)
            switch fate {
            case .pass, .lose: break
            case .late(let span): hold(message, span)
            case .twice(let span):
                put(message)
                hold(message, span)
            case .instead(let frame): put(PaperMessage(number: message.number, frame: frame))
            }
            return
        }
        put(message)
    }

    private mutating func markSubject(_ fault: String, _ message: PaperMessage) {
        guard let id = message.subject else { return mark(fault) }
        let state = withEngine { $0.order(id)?.state } ?? nil
        report.marks.add(fault, state)
    }

    /// Says something to the router that nobody asked for, once its connection is greeted.
    mutating func tell(_ frame: PaperFrame) {
        guard node?.isConnected == true, wire.connection != nil else { return }
        put(PaperMessage(number: 0, frame: frame))
    }

    private mutating func put(_ message: PaperMessage) {
        var bytes: ContiguousArray<UInt8> = []
        message.frame.append(number: message.number, to: &bytes)
        wire.sendInward(bytes, at: now)
    }

    private mutating func hold(_ message: PaperMessage, _ span: TimeSpan) {
        server.late.append(FaultyServer.Late(message: message, generation: wire.generation))
        queue.push(.lateAnswer(server.late.count - 1), at: now + span)
        lastHeldBack = max(lastHeldBack, now + span)
    }

    /// Only while its connection stands.
    mutating func deliverLateAnswer(_ place: Int) {
        let late = server.late[place]
        guard late.generation == wire.generation, wire.connection != nil else { return }
        put(late.message)
    }

    mutating func deliverLateRequest(_ place: Int) {
        let late = server.late[place]
        guard late.generation == wire.generation, let connection = wire.connection else { return }
        server.pass(late.message, on: connection, at: now)
    }
}
