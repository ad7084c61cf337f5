/// A page that is being written. Whatever comes from outside passes `escaped`; an element is closed where it was
/// opened, so that the page is well-formed as XML is.
struct Markup {
    private(set) var text = ""

    /// A text between tags.
    mutating func put(_ text: String) { self.text += Self.escaped(text) }

    /// Markup of our own, as it stands: never what came from outside.
    mutating func raw(_ markup: String) { text += markup }

    /// An element with what `body` puts into it.
    mutating func element(_ name: StaticString, _ attributes: [Attribute], _ body: (inout Markup) -> Void) {
        open(name, attributes)
        text += ">"
        body(&self)
        text += "</\(name)>"
    }

    mutating func element(_ name: StaticString, _ body: (inout Markup) -> Void) { element(name, [], body) }

    /// An element with a text alone.
    mutating func element(_ name: StaticString, _ attributes: [Attribute], _ content: String) {
        element(name, attributes) { $0.put(content) }
    }

    mutating func element(_ name: StaticString, _ content: String) { element(name, [], content) }

    /// An element that holds nothing.
    mutating func empty(_ name: StaticString, _ attributes: [Attribute] = []) {
        open(name, attributes)
        text += "/>"
    }

    mutating func line() { text += "\n" }

    private mutating func open(_ name: StaticString, _ attributes: [Attribute]) {
        text += "<\(name)"
        for attribute in attributes { text += " \(attribute.name)=\"\(Self.escaped(attribute.value))\"" }
    }

    /// A text that can't end its element or attribute, and can't turn the direction of what stands around it.
    static func escaped(_ text: String) -> String {
        var safe = ""
        safe.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            default: safe.unicodeScalars.append(isPlain(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return safe
    }

    /// No control character, none that orders text, none that no XML may hold.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x20...0x7E: true
        case 0...0x1F, 0x7F...0x9F, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFF: false
        default: true
        }
    }
}

struct Attribute {
    var name: StaticString
    var value: String

    static func kind(_ value: String) -> Attribute { Attribute(name: "class", value: value) }
    static func of(_ name: StaticString, _ value: String) -> Attribute { Attribute(name: name, value: value) }
}
