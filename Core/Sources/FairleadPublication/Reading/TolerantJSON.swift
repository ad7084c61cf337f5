import FairleadModel

/// JSON as other programs write it: `NaN`, `Infinity` and `-Infinity`, which JSON has no words for, read as null.
/// Everything else is read strictly; a text that ends too early is refused as a whole, since half of it may be missing
/// exactly what is wrong.
enum TolerantJSON {
    /// More than the state files of the largest configuration have.
    static let limits = JSONLimits(bytes: 64 << 20, depth: 64, values: 4_000_000)

    static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        do throws(JSONError) {
            return try JSONParser.parse(bytes, limits: limits)
        } catch {
            let plain = withoutNonNumbers(bytes)
            if plain == bytes { throw error }
            return try JSONParser.parse(plain, limits: limits)
        }
    }

    /// The text with null in the place of each word that stands for no number, outside of strings.
    private static func withoutNonNumbers(_ bytes: [UInt8]) -> [UInt8] {
        let words = ["NaN", "-Infinity", "Infinity"].map { Array($0.utf8) }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        var isInString = false
        while index < bytes.count {
            let byte = bytes[index]
            if isInString {
                plain.append(byte)
                if byte == UInt8(ascii: "\\"), index + 1 < bytes.count {
                    index += 1
                    plain.append(bytes[index])
                }
                if byte == UInt8(ascii: "\"") { isInString = false }
            } else if let word = words.first(where: { bytes[index...].starts(with: $0) }) {
                plain.append(contentsOf: "null".utf8)
                index += word.count - 1
            } else {
                if byte == UInt8(ascii: "\"") { isInString = true }
                plain.append(byte)
            }
            index += 1
        }
        return plain
    }
}
