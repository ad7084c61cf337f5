#if MUTANTS
    internal import Glibc
    internal import FairleadModel

    /// The seeded bugs of `make rule-mutants`: one row of the risk table, or one gate of the route decision, turned off
    /// for the whole process. Compiled only with `-D MUTANTS`; a release never holds it.
    ///
    /// Chosen by the environment, so that every test of every target runs unchanged under the mutant:
    /// `FAIRLEAD_MUTANT_RULE=price_collar`, `FAIRLEAD_MUTANT_GATE=book_stale`. A name that stands for nothing traps:
    /// a misspelt mutant would look like one that no test kills.
    enum RuleMutants {
        /// The row that never fires; nil where all do.
        static let rule: UInt8? = chosen("FAIRLEAD_MUTANT_RULE").map { name in
            guard let reason = VetoReason.allCases.first(where: { $0.name == name }) else {
                preconditionFailure("Invariant: FAIRLEAD_MUTANT_RULE names a row of the risk table")
            }
            return reason.rawValue
        }

        /// The gate that never closes; nil where all do.
        static let gate: UInt8? = chosen("FAIRLEAD_MUTANT_GATE").map { name in
            guard let reason = RouteReason.allCases.first(where: { $0.name == name }) else {
                preconditionFailure("Invariant: FAIRLEAD_MUTANT_GATE names a gate of the route decision")
            }
            return reason.rawValue
        }

        private static func chosen(_ key: String) -> String? {
            // SAFETY: read once, before any test could change the environment, and copied at once.
            guard let text = unsafe getenv(key) else { return nil }
            // SAFETY: getenv gives a NUL-terminated text that lives as long as the environment is left alone.
            let name = unsafe String(cString: text)
            return name.isEmpty ? nil : name
        }
    }
#endif
