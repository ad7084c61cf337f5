import FairleadModel

/// A chart over time as inline SVG. It fills its frame whatever the frame's shape; lines and dots keep their width, and
/// the words stand beside it as text of the page, so that a phone shows them as large as a screen does.
struct Plot {
    static let width = 1000.0
    let height: Double
    let first: Timestamp
    let last: Timestamp
    let low: Double
    let high: Double
    /// Digits of the labels on the value axis: at least so many, more where neighbours would look alike.
    let digits: Int
    /// Behind each label.
    let unit: String
    private var shapes = Markup()

    /// `range` is widened to round numbers, and is never empty.
    init(
        _ first: Timestamp,
        _ last: Timestamp,
        _ range: ClosedRange<Double>,
        height: Double,
        digits: Int = 0,
        unit: String = ""
    ) {
        self.height = height
        self.unit = unit
        self.first = first
        self.last = last > first ? last : first + .milliseconds(1)
        self.digits = digits
        let spread = range.upperBound - range.lowerBound
        // A flat line stands in the middle.
        let margin = spread > 0 ? spread * 0.06 : max(range.upperBound.magnitude * 0.0001, 1e-8)
        low = range.lowerBound - margin
        high = range.upperBound + margin
    }

    // MARK: - Places

    func x(_ time: Timestamp) -> Double {
        let share = Double((time - first).nanoseconds) / Double((last - first).nanoseconds)
        return min(max(share, 0), 1) * Self.width
    }

    func y(_ value: Double) -> Double { (high - min(max(value, low), high)) / (high - low) * height }

    /// A place on the canvas with one digit after the point.
    static func number(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded(.toNearestOrAwayFromZero))
        let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
        let sign = tenths < 0 ? "-" : ""
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
    }

    // MARK: - Shapes

    mutating func line(_ points: [(x: Double, y: Double)], _ kind: String) {
        guard points.count > 1 else { return dots(points, kind) }
        path(Self.lines(points), kind)
    }

    /// The ground between two lines over the same places.
    mutating func band(_ upper: [(x: Double, y: Double)], _ lower: [(x: Double, y: Double)], _ kind: String) {
        guard upper.count > 1 else { return }
        path(Self.lines(upper + lower.reversed()) + "Z", kind)
    }

    /// The ground between a line and a value.
    mutating func area(_ points: [(x: Double, y: Double)], from value: Double, _ kind: String) {
        guard let first = points.first, let last = points.last else { return }
        let base = y(value)
        path(Self.lines([(first.x, base)] + points + [(last.x, base)]) + "Z", kind)
    }

    /// Marks whose size and shape the style gives: lines of no length with caps.
    mutating func dots(_ points: [(x: Double, y: Double)], _ kind: String) {
        guard !points.isEmpty else { return }
        path(points.map { "M\(Self.number($0.x)) \(Self.number($0.y))h0" }.joined(), kind)
    }

    private mutating func path(_ data: String, _ kind: String) {
        shapes.empty("path", [.kind(kind), .of("d", data)])
        shapes.line()
    }

    private static func lines(_ points: [(x: Double, y: Double)]) -> String {
        var data = ""
        var previous: (x: String, y: String)?
        for point in points {
            let place = (x: number(point.x), y: number(point.y))
            if let previous, previous == place { continue }
            data += (previous == nil ? "M" : "L") + place.x + " " + place.y
            previous = place
        }
        return data
    }

    // MARK: - The chart

    /// Steps of 1, 2 or 5 times a power of ten: at most `count` of them between the ends.
    static func ticks(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
        var step = 1e-9
        let factors = [2.0, 2.5, 2.0]
        var turn = 0
        while (high - low) / step > Double(count), turn < 90 {
            step *= factors[turn % 3]
            turn += 1
        }
        var ticks: [Double] = []
        var place = (low / step).rounded(.up)
        while place * step <= high, ticks.count <= count {
            ticks.append(place * step)
            place += 1
        }
        return ticks
    }

    /// Digits that tell one tick from the next.
    private func digits(_ ticks: [Double]) -> Int {
        guard ticks.count > 1 else { return max(digits, 2) }
        var step = ticks[1] - ticks[0]
        var needed = 0
        // A step of 2.5 needs a digit more than one of 2.
        while needed < 8, (step - step.rounded()).magnitude > 0.001 {
            step *= 10
            needed += 1
        }
        return max(digits, needed)
    }

    /// Four moments, the ends among them, with the day where the run has several.
    private var moments: [(share: Double, text: String)] {
        let length = (last - first).nanoseconds
        let isLong = length > 86_400_000_000_000
        return (0..<4).map { index in
            let time = first + TimeSpan(nanoseconds: length / 3 * Int64(index))
            let text = time.text(.milliseconds)
            let clock = text.dropFirst(11).prefix(isLong ? 5 : 8)
            return (Double(index) / 3, isLong ? "\(text.dropFirst(5).prefix(5)) \(clock)" : String(clock))
        }
    }

    /// `label` tells a reader who can't see it what the chart shows.
    func put(into page: inout Markup, _ label: String, showsTimes: Bool = true) {
        let ticks = Self.ticks(low, high, height > 150 ? 5 : 3)
        let digits = digits(ticks)
        page.element("div", [.kind("plot")]) { page in
            page.element("div", [.kind("canvas"), .of("style", "height:\(Self.number(height))px")]) { page in
                let box = "0 0 \(Self.number(Self.width)) \(Self.number(height))"
                let attributes: [Attribute] = [
                    .of("viewBox", box), .of("preserveAspectRatio", "none"), .of("role", "img"),
                    .of("aria-label", label),
                ]
                page.element("svg", attributes) { page in
                    let grid = ticks.map { "M0 \(Self.number(y($0)))H\(Self.number(Self.width))" }.joined()
                    page.empty("path", [.kind("grid"), .of("d", grid.isEmpty ? "M0 0" : grid)])
                    page.line()
                    page.raw(shapes.text)
                }
                for tick in ticks {
                    let place = Self.number(y(tick) / height * 100)
                    let text = Figures.fixed(tick, digits) + unit
                    page.element("span", [.kind("y"), .of("style", "top:\(place)%")], text)
                }
            }
            guard showsTimes else { return }
            page.element("div", [.kind("times")]) { page in
                for moment in moments { page.element("span", moment.text) }
            }
        }
        page.line()
    }
}
