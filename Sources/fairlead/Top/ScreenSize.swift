/// How many cells a screen has.
struct ScreenSize: Hashable, Sendable {
    var columns: Int
    var rows: Int

    /// Of a terminal that doesn't say.
    static let usual = ScreenSize(columns: 80, rows: 24)
}
