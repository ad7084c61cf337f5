public import FairleadModel

/// What a matrix came to.
public struct MatrixReport: Sendable {
    public struct Failure: Sendable {
        /// Run, kind and place of the case.
        public var place: String
        public var violation: Violation
    }

    public let matrix: String
    /// Cases by kind, in the order in which the kinds came up.
    public private(set) var counts: [(kind: String, cases: Int)] = []
    /// Lives that were played; cases that leave the same journal and the same venue share one.
    public internal(set) var lives = 0
    /// Cases whose life was compared with a run that was never interrupted and whose venue saw the same.
    public internal(set) var compared = 0
    public private(set) var failures: [Failure] = []
    public private(set) var failureCount = 0

    /// What the golden runs were.
    public private(set) var runs: [String] = []
    /// States that orders were in, over the golden runs.
    public private(set) var states: Set<OrderState> = []

    static let failureLimit = 20

    init(matrix: String) { self.matrix = matrix }

    public var cases: Int { counts.reduce(0) { $0 + $1.cases } }
    public var isSound: Bool { failureCount == 0 && cases > 0 }

    mutating func count(_ kind: String, _ number: Int = 1) {
        if let place = counts.firstIndex(where: { $0.kind == kind }) {
            counts[place].cases += number
        } else {
            counts.append((kind, number))
        }
    }

    mutating func describe(_ run: String, _ states: Set<OrderState>) {
        runs.append(run)
        self.states.formUnion(states)
    }

    mutating func fail(_ place: @autoclosure () -> String, _ violation: Violation) {
        failureCount += 1
        if failures.count < Self.failureLimit { failures.append(Failure(place: place(), violation: violation)) }
    }

    public var text: String {
        var lines = ["\(matrix) matrix"] + runs.map { "  golden run " + $0 }
        for (kind, cases) in counts { lines.append("  \(kind): \(cases)") }
        let held = cases - min(cases, failureCount)
        lines.append("  \(held) of \(cases) cases hold, \(lives) lives played, \(compared) compared with a golden run")
        for failure in failures {
            lines.append("  FAILED \(failure.place): \(failure.violation.invariant): \(failure.violation.text)")
        }
        return lines.joined(separator: "\n")
    }

    public var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("matrix", matrix)
        writer.key("kinds")
        writer.beginObject()
        for (kind, cases) in counts { writer.field(kind, cases) }
        writer.endObject()
        writer.field("cases", cases)
        writer.field("lives", lives)
        writer.field("compared", compared)
        writer.field("failed", failureCount)
        writer.key("failures")
        writer.beginArray()
        for failure in failures {
            writer.beginObject()
            writer.field("place", failure.place)
            writer.field("rule", failure.violation.invariant)
            writer.field("text", failure.violation.text)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.text
    }
}
