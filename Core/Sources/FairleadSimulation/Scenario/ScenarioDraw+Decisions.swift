import FairleadModel

/// When a person looks at positions that somebody else has traded.
extension ScenarioDraw {
    /// After most trades of another client, more than once: a crash may swallow a decision, or the trade come late; and
    /// in an eighth of the seeds at any time. From a stream of their own.
    mutating func drawDecisions() {
        var random = Self.generator(scenario.seed, 14)
        for fault in scenario.faults where fault.name == ExternalTrade().name {
            guard random.chance(7, in: 8) else { continue }
            var at = fault.at.nanoseconds
            for _ in 0..<Int(random.next(in: 2...5)) {
                at += random.next(in: 1_000_000_000...60_000_000_000)
                add(TimeSpan(nanoseconds: at), random.next())
            }
        }
        if random.chance(1, in: 8) {
            for _ in 0..<Int(random.next(in: 1...6)) {
                let at = moment(&random)
                add(at, random.next())
            }
        }
        scenario.decisions.sort { ($0.at, $0.number) < ($1.at, $1.number) }
    }

    private mutating func add(_ at: TimeSpan, _ seed: UInt64) {
        guard at < scenario.length else { return }
        scenario.decisions.append(ScheduledDecision(number: scenario.decisions.count, at: at, seed: seed))
    }
}
