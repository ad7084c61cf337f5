internal import CPrefetch

extension ContiguousArray where Element: BitwiseCopyable {
    /// Asks the caches for an element that is soon read or written: its lines come while something else is done. A
    /// hint, by which nothing changes but time.
    @inline(__always)
    func prefetch(_ index: Int) {
        precondition(index >= 0 && index < count, "Invariant: an element that is asked for is there")
        let (line, size) = (64, MemoryLayout<Element>.stride)
        // SAFETY: each address lies inside the element; a hint reads nothing, and keeps no address.
        unsafe withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            let element = unsafe start + index * size
            for offset in stride(from: 0, to: size, by: line) { unsafe fairlead_prefetch(element + offset) }
            // What is no larger than a word lies in one line.
            if size > 8 { unsafe fairlead_prefetch(element + (size - 1)) }
        }
    }
}
