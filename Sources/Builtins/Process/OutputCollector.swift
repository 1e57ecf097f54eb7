import Lang
import Synchronization

/// Takes in what the stages of a pipeline print: keeps what is captured and the end of everything, and gives out lines.
final class OutputCollector: Sendable {
    private struct Kept {
        var output: [UInt8] = []
        var errors = Tail(limit: 8 << 20)
        var combined = Tail(limit: 1 << 20)
    }

    private let kept = Mutex(Kept())
    private let options: ProcessOptions

    init(_ options: ProcessOptions) { self.options = options }

    /// As text; and as it was printed, where that is not UTF-8.
    var output: (text: String, raw: [UInt8]?) {
        let output = kept.withLock(\.output)
        if let text = String(validating: output, as: UTF8.self) { return (text, nil) }
        return (String(decoding: output, as: UTF8.self), output)
    }
    var errors: String { kept.withLock { $0.errors.text } }
    var combined: String { kept.withLock { $0.combined.text } }

    /// Reads standard output of the last stage to its end.
    func takeOutput(_ stream: some ByteStream) async throws {
        let onLine = options.streamsOutput ? options.onLine : nil
        let (captures, maximum) = (options.capturesOutput, options.maximumOutput)
        try await take(stream, onLine) { kept, bytes in
            guard captures else { return }
            guard kept.output.count + bytes.count <= maximum else { throw OutputTooLong() }
            let needed = kept.output.count + bytes.count
            if needed > kept.output.capacity { try Work.reserveForEffect(2 * needed) }
            kept.output.append(contentsOf: bytes)
        }
    }

    /// Reads a stage's standard error to its end.
    func takeErrors(_ stream: some ByteStream) async throws {
        try await take(stream, options.onLine) { kept, bytes in kept.errors.append(bytes) }
    }

    /// Takes in what a program that has ended left in files.
    func take(_ file: Descriptor, errors: Descriptor) throws {
        let (output, errors) = (try file.content(limit: options.maximumOutput), try errors.content(limit: .max))
        try kept.withLock { kept in
            try output.withUnsafeBytes { bytes in
                kept.combined.append(bytes)
                if bytes.count > options.maximumOutput { throw OutputTooLong() }
            }
            if options.capturesOutput { kept.output = output }
            errors.withUnsafeBytes { bytes in
                kept.combined.append(bytes)
                kept.errors.append(bytes)
            }
        }
    }

    private func take(
        _ stream: some ByteStream, _ onLine: (@Sendable (String) -> Void)?,
        keep: (inout Kept, UnsafeRawBufferPointer) throws -> Void
    ) async throws {
        var splitter = LineSplitter()
        for try await buffer in stream {
            try buffer.withBytes { bytes in
                try kept.withLock { kept in
                    kept.combined.append(bytes)
                    try keep(&kept, bytes)
                }
                if let onLine { splitter.feed(bytes, onLine) }
            }
        }
        if let onLine { splitter.end(onLine) }
    }
}

/// Thrown when a program prints more than may be captured.
struct OutputTooLong: Error {}

/// The end of a long text, in at most twice `limit` bytes of memory.
struct Tail {
    private let limit: Int
    private var bytes: [UInt8] = []
    private var isCut = false

    init(limit: Int) { self.limit = limit }

    mutating func append(_ new: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: new)
        guard bytes.count > 2 * limit else { return }
        bytes.removeFirst(bytes.count - limit)
        isCut = true
    }

    /// From the beginning of a line, where something was cut off; with `…` before it where it is all one line.
    var text: String {
        let kept = bytes.suffix(limit)
        guard isCut || kept.count < bytes.count else { return String(decoding: kept, as: UTF8.self) }
        if let newline = kept.firstIndex(of: UInt8(ascii: "\n")) {
            return String(decoding: kept[(newline + 1)...], as: UTF8.self)
        }
        return "…" + String(decoding: kept, as: UTF8.self)
    }
}
