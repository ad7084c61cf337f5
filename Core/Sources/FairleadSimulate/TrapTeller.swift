import Glibc

/// Names the seed when an assertion of the production code traps: the process dies, but says whose fault it was.
///
/// One seed runs at a time; the handler only writes what was made ready before.
enum TrapTeller {
    // SAFETY: written between seeds and read by the handler while the process dies; one thread.
    nonisolated(unsafe) private static var words: [UInt8] = []
    nonisolated(unsafe) private static var isInstalled = false

    static func begin(_ seed: UInt64) {
        // SAFETY: one thread, as said above.
        unsafe words = Array("\ntrapped: seed \(seed); run it with --seed \(seed) --trace\n".utf8)
        guard unsafe !isInstalled else { return }
        unsafe isInstalled = true
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT] {
            _ = signal(number) { caught in
                TrapTeller.tell()
                _ = signal(caught, SIG_DFL)
                raise(caught)
            }
        }
    }

    private static func tell() {
        // SAFETY: the pointer is used inside the closure only.
        unsafe words.withUnsafeBytes { bytes in _ = unsafe write(2, bytes.baseAddress, bytes.count) }
    }
}
