/// One key that differs between two configurations.
public struct ConfigurationChange: Hashable, Sendable, CustomStringConvertible {
    public let document: ConfigurationDocument
    public let path: String
    /// nil: off, or not there.
    public let old: ConfigurationValue?
    public let new: ConfigurationValue?
    /// A running engine can't take it.
    public let needsRestart: Bool

    /// `risk_limits.json: price_collar_bps: 100 -> 50`.
    public var description: String {
        let restart = needsRestart ? " (needs a restart)" : ""
        return "\(document.fileName): \(path): \(old?.text ?? "off") -> \(new?.text ?? "off")\(restart)"
    }
}

extension ResolvedConfiguration {
    /// What `self` changes in `old`, in the order of the table; keys that are gone come last.
    public func changes(from old: ResolvedConfiguration) -> [ConfigurationChange] {
        let before = old.entries
        var places: [String: Int] = [:]
        for (index, entry) in before.enumerated() {
            places[ConfigurationDecoder.place(entry.document, entry.path)] = index
        }
        var seen = [Bool](repeating: false, count: before.count)
        var changes: [ConfigurationChange] = []
        for entry in entries {
            let place = places[ConfigurationDecoder.place(entry.document, entry.path)]
            if let place { seen[place] = true }
            let value = place.flatMap { before[$0].value }
            if value != entry.value { changes.append(Self.change(entry, from: value, to: entry.value)) }
        }
        for (entry, isSeen) in zip(before, seen) where !isSeen && entry.value != nil {
            changes.append(Self.change(entry, from: entry.value, to: nil))
        }
        return changes
    }

    private static func change(
        _ entry: ConfigurationEntry,
        from old: ConfigurationValue?,
        to new: ConfigurationValue?
    ) -> ConfigurationChange {
        ConfigurationChange(
            document: entry.document,
            path: entry.path,
            old: old,
            new: new,
            needsRestart: entry.key.change == .restart
        )
    }

    /// The changes that a running engine takes, all or none: one key that needs a restart refuses them all, by name.
    public func reload(over old: ResolvedConfiguration) -> Result<[ConfigurationChange], ConfigurationErrors> {
        let changes = changes(from: old)
        var errors = ConfigurationErrors()
        for change in changes where change.needsRestart {
            errors.append(
                ConfigurationError(change.document, change.path, .needsRestart, "can't change before a restart")
            )
        }
        return errors.isEmpty ? .success(changes) : .failure(errors)
    }
}
