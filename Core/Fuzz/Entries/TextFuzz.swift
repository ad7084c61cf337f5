import FairleadModel

/// Texts of single values, and JSON.
enum TextFuzz {
    static func decimal(_ bytes: [UInt8]) {
        do throws(DecimalError) {
            let raw = try DecimalText.parse(bytes.span)
            var text: [UInt8] = []
            DecimalText.append(raw: raw, to: &text)
            FuzzEntry.require(try DecimalText.parse(text.span) == raw, "a number reads as it was written")
        } catch {
            FuzzEntry.require(!error.name.isEmpty, "a refusal has a name")
        }
        do throws(DecimalError) {
            let money = Money(raw: try DecimalText.parseMoney(bytes.span))
            var text: [UInt8] = []
            DecimalText.append(money: money, to: &text)
            FuzzEntry.require(try DecimalText.parseMoney(text.span) == money.raw, "an amount reads as it was written")
        } catch {
            FuzzEntry.require(!error.name.isEmpty, "a refusal has a name")
        }
    }

    static func identifier(_ bytes: [UInt8]) {
        check(ClientOrderID.self, bytes)
        check(IntentID.self, bytes)
        check(SignalNumber.self, bytes)
        do throws(TimestampError) {
            let time = try Timestamp(text: bytes)
            FuzzEntry.require(try Timestamp(text: "\(time)") == time, "a time reads as it was written")
        } catch {
            FuzzEntry.require(!error.name.isEmpty, "a refusal has a name")
        }
    }

    private static func check<Value: IdentifierValue & Equatable>(_ type: Value.Type, _ bytes: [UInt8]) {
        do throws(IdentifierError) {
            let value = try Value(text: bytes)
            var text: [UInt8] = []
            value.append(to: &text)
            FuzzEntry.require(text == bytes, "an id has one text")
        } catch {
            FuzzEntry.require(!error.name.isEmpty, "a refusal has a name")
        }
    }

    static func json(_ bytes: [UInt8]) {
        do throws(JSONError) {
            let value = try JSONParser.parse(bytes, limits: JSONLimits(bytes: 1 << 16, depth: 32, values: 4096))
            let text = JSONWriter.text(of: value, .compact)
            FuzzEntry.require(try JSONParser.parse(Array(text.utf8)) == value, "JSON reads as it was written")
        } catch {
            FuzzEntry.require(!error.description.isEmpty, "a refusal has a reason")
        }
    }
}
