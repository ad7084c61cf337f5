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

    /// Whole lines, none of them parted between files. A line that is longer than a file may be has one of its own.
    public func write(_ bytes: [UInt8]) -> Bool {
        if descriptor >= 0, !isInPlace { close() }
        var rest = bytes[...]
        while !rest.isEmpty {
            guard descriptor >= 0 || open() else { return false }
            var piece = Self.lines(rest, within: fileBytes - written)
            if piece.isEmpty {
                let isFull = written > 0
                if isFull, rotate() { continue }
                // Where the files can't be renamed the log outgrows its size: better than lines that are lost.
                piece = isFull ? rest : rest.prefix { $0 != 0x0A } + rest.drop { $0 != 0x0A }.prefix(1)
            }
            guard take(piece) else { return false }
            rest = rest[piece.endIndex...]
        }
        return true
    }

    /// The longest run of whole lines that fits; all of it when it fits, empty when its first line doesn't.
    private static func lines(_ bytes: ArraySlice<UInt8>, within room: Int) -> ArraySlice<UInt8> {
        if bytes.count <= room { return bytes }
        guard room > 0, let end = bytes.prefix(room).lastIndex(of: 0x0A) else { return bytes.prefix(0) }
        return bytes[...end]
    }

    private func take(_ piece: ArraySlice<UInt8>) -> Bool {
        if Descriptor.write(Array(piece), to: descriptor) {
            written += piece.count
            return true
        }
        // No half line stays behind. Opened anew at the next line: the disk may have room by then.
        _ = ftruncate(descriptor, off_t(written))
        close()
        return false
    }

    private func close() {
        _ = Glibc.close(descriptor)
        descriptor = -1
    }

    /// False once somebody moved or removed the file: the next line begins a new one.
    private var isInPlace: Bool {
        var ours = stat()
        var there = stat()
        // SAFETY: both are ours, and the path is a terminated text for the call.
        guard unsafe fstat(descriptor, &ours) == 0, unsafe stat(path, &there) == 0 else { return false }
        return ours.st_ino == there.st_ino && ours.st_dev == there.st_dev
    }

    private func open() -> Bool {
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            return false
        }
        // SAFETY: the path is a terminated text for the call.
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        written = max(0, Int(lseek(descriptor, 0, SEEK_END)))
        return true
    }

    /// False where the newest file can't be put aside.
    private func rotate() -> Bool {
        for number in stride(from: filesKept - 1, through: 1, by: -1) {
            // SAFETY: the paths are terminated texts for the call. A missing older file is no fault.
            _ = unsafe rename(rotated(number), rotated(number + 1))
        }
        // SAFETY: as above.
        guard unsafe rename(path, rotated(1)) == 0 else { return false }
        // Fewer may be kept than by the run before.
        var number = filesKept + 1
        // SAFETY: as above.
        while unsafe unlink(rotated(number)) == 0 { number += 1 }
        close()
        return true
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
