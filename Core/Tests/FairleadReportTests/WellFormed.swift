import Testing

/// A page as a strict reader of XML sees it: tags balance, attributes are quoted and stand once, no stray character.
enum WellFormed {
    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    /// Throws at the first fault, with what stands around it.
    static func check(_ page: String) throws {
        var rest = Substring(page)
        #expect(rest.hasPrefix("<!doctype html>\n"))
        rest = rest.dropFirst("<!doctype html>\n".count)
        var open: [String] = []
        while let start = rest.firstIndex(where: { $0 == "<" || $0 == ">" }) {
            try checkText(rest[..<start], open.last)
            guard rest[start] == "<", let end = rest[start...].firstIndex(of: ">") else {
                throw fault("a bare >", rest[start...])
            }
            let tag = rest[rest.index(after: start)..<end]
            if tag.hasPrefix("/") {
                guard let last = open.popLast(), last == tag.dropFirst() else { throw fault("closes nothing", tag) }
            } else {
                let isEmpty = tag.hasSuffix("/")
                let name = try checkTag(isEmpty ? tag.dropLast() : tag)
                if !isEmpty { open.append(name) }
            }
            rest = rest[rest.index(after: end)...]
        }
        guard open.isEmpty else { throw fault("stays open", Substring(open.joined(separator: " "))) }
        guard rest.allSatisfy(\.isWhitespace) else { throw fault("text behind the end", rest) }
    }

    private static func checkText(_ text: Substring, _ element: String?) throws {
        if element == nil, !text.allSatisfy(\.isWhitespace) { throw fault("text outside", text) }
        var rest = text
        while let at = rest.firstIndex(of: "&") {
            let name = rest[at...].prefix { $0 != ";" }
            guard ["&amp", "&lt", "&gt", "&quot", "&#39"].contains(name) else { throw fault("entity", rest[at...]) }
            rest = rest[rest.index(after: at)...]
        }
        for scalar in text.unicodeScalars where scalar.value < 0x20 && scalar != "\n" {
            throw fault("control character", text)
        }
    }

    /// The element's name.
    private static func checkTag(_ tag: Substring) throws -> String {
        let name = tag.prefix { $0.isLetter || $0.isNumber }
        guard !name.isEmpty else { throw fault("no name", tag) }
        var rest = tag[name.endIndex...]
        var known: Set<Substring> = []
        while rest.first == " " {
            rest = rest.dropFirst()
            let attribute = rest.prefix { $0.isLetter || $0 == "-" }
            rest = rest[attribute.endIndex...]
            guard !attribute.isEmpty, rest.hasPrefix("=\"") else { throw fault("attribute", tag) }
            guard known.insert(attribute).inserted else { throw fault("attribute twice", tag) }
            rest = rest.dropFirst(2)
            guard let end = rest.firstIndex(of: "\"") else { throw fault("attribute without an end", tag) }
            try checkText(rest[..<end], "attribute")
            guard !rest[..<end].contains("<") else { throw fault("attribute", tag) }
            rest = rest[rest.index(after: end)...]
        }
        guard rest.isEmpty else { throw fault("between attributes", tag) }
        return String(name)
    }

    private static func fault(_ what: String, _ near: Substring) -> Fault {
        Fault(description: "\(what): \(near.prefix(160))")
    }
}
