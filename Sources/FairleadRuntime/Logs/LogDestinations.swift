import Foundation
import Glibc

/// A descriptor: the terminal, or a pipe.
public final class DescriptorDestination: LineDestination {
    private let descriptor: Int32

    public init(_ descriptor: Int32) { self.descriptor = descriptor }

    public func write(_ bytes: [UInt8]) -> Bool { Descriptor.write(bytes, to: descriptor) }
}

/// A file in a directory, rotated by size: `name.log`, `name.1.log` the newest before it, and so on.
public final class RotatingFile: LineDestination {
    public let path: String
    private let directory: String
    private let name: String
    private let fileBytes: Int
    private let filesKept: Int
    private var descriptor: Int32 = -1
    private var written = 0

    /// Opens nothing yet: the first line does.
    public init(directory: String, name: String, fileBytes: Int, filesKept: Int) {
        self.directory = directory
        self.name = name
        self.fileBytes = fileBytes
        self.filesKept = filesKept
        path = HomePaths.under(directory, name + ".log")
    }

    deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

    public func write(_ bytes: [UInt8]) -> Bool {
        if descriptor >= 0, written + bytes.count > fileBytes, written > 0 { rotate() }
        guard descriptor >= 0 || open() else { return false }
        guard Descriptor.write(bytes, to: descriptor) else {
            // Opened anew at the next line: the disk may have room by then.
            _ = Glibc.close(descriptor)
            descriptor = -1
            return false
        }
        written += bytes.count
        return true
    }

    private func open() -> Bool {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            return false
        }
        // SAFETY: the path is a terminated text for the call.
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        written = max(0, Int(lseek(descriptor, 0, SEEK_END)))
        return true
    }

    private func rotate() {
        _ = Glibc.close(descriptor)
        descriptor = -1
        for number in stride(from: filesKept - 1, through: 1, by: -1) {
            // SAFETY: the paths are terminated texts for the call. A missing older file is no fault.
            _ = unsafe rename(rotated(number), rotated(number + 1))
        }
        // SAFETY: as above.
        _ = unsafe rename(path, rotated(1))
    }

    private func rotated(_ number: Int) -> String { HomePaths.under(directory, "\(name).\(number).log") }
}

/// Whole writes to a descriptor.
public enum Descriptor {
    /// True when all of it was taken.
    public static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            // SAFETY: the pointer and the count name the unsent end of the array, which lives through the call.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
            }
            if count > 0 {
                sent += count
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// True when a person looks at it.
    public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }
}
