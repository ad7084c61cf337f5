import FairleadFuzz
import Glibc

/// libFuzzer's own loop over mutated inputs; ends with its exit status.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ feed: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// The entry that `FAIRLEAD_FUZZ` names.
private let chosen: FuzzEntry = {
    // SAFETY: read once, before any other thread, and copied at once.
    guard let name = unsafe getenv("FAIRLEAD_FUZZ"), let entry = unsafe FuzzEntry(rawValue: String(cString: name))
    else {
        print(
            "fairlead-fuzz: FAIRLEAD_FUZZ must be one of \(FuzzEntry.allCases.map(\.rawValue).joined(separator: ", "))"
        )
        exit(2)
    }
    return entry
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func feed(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: libFuzzer owns `count` bytes from `start` for the length of this call; they are copied at once.
    chosen.feed(unsafe [UInt8](UnsafeBufferPointer(start: start, count: count)))
    return 0
}

@main struct Fuzzer {
    static func main() {
        var count = CommandLine.argc
        var arguments = unsafe CommandLine.unsafeArgv
        // SAFETY: the process's own arguments, which outlive the loop.
        exit(unsafe runDriver(&count, &arguments, feed))
    }
}
