public import FairleadModel

/// How a parent is named: by its intent, by its signal's number, or by one of its orders.
public enum ParentSubject: Hashable, Sendable, CustomStringConvertible {
    case intent(IntentID)
    case signal(SignalNumber)
    case order(ClientOrderID)

    /// nil for a text that is none of the three.
    public init?(text: String) {
        do throws(IdentifierError) {
            self = .intent(try IntentID(text: text))
            return
        } catch {}
        do throws(IdentifierError) {
            self = .signal(try SignalNumber(text: text))
            return
        } catch {}
        do throws(IdentifierError) { self = .order(try ClientOrderID(text: text)) } catch { return nil }
    }

    public var description: String {
        switch self {
        case .intent(let intent): intent.description
        case .signal(let number): number.description
        case .order(let order): order.description
        }
    }
}
