// Taking text apart, and putting it together: over the bytes, each part made once and where it stays.

extension StringObject {
    /// The parts between each `separator`, which is not empty.
    package func parts(between separator: String) throws(RuntimeError) -> [Value] {
        try cut(separator, isLine: false)
    }

    /// The lines, without their ends. The last needs none, so that an end of the text makes no empty line.
    package func lines() throws(RuntimeError) -> [Value] {
        try cut("\n", isLine: true)
    }

    /// How many parts and lines there are.
    func partCount(between separator: String) throws(RuntimeError) -> Int {
        try cutting(separator, isLine: false) { try $0.count() }
    }

    func lineCount() throws(RuntimeError) -> Int { try cutting("\n", isLine: true) { try $0.count() } }

    private func cut(_ separator: String, isLine: Bool) throws(RuntimeError) -> [Value] {
        try cutting(separator, isLine: isLine) { try $0.parts() }
    }

    private func cutting<R>(
        _ separator: String, isLine: Bool, _ body: (TextCutter) throws -> R
    ) throws(RuntimeError) -> R {
        let isASCII = isASCII
        do {
            return try withBytes(text) { text in
                withBytes(separator) { separator in
                    Result { try body(TextCutter(text, separator, isASCII: isASCII, isLine: isLine)) }
                }
            }.get()
        } catch {
            throw RuntimeError(any: error)
        }
    }

    /// With every `old`, which is not empty, replaced by `new`; nil where there is none.
    package func replacing(_ old: String, by new: String) throws(RuntimeError) -> StringObject? {
        do {
            return try withBytes(text) { text in
                withBytes(old) { old in withBytes(new) { new in Result { try replaced(text, old, new) } } }
            }.get()
        } catch {
            throw RuntimeError(any: error)
        }
    }

    private func replaced(
        _ text: UnsafeRawBufferPointer, _ old: UnsafeRawBufferPointer, _ new: UnsafeRawBufferPointer
    ) throws -> StringObject? {
        var search = TextSearch(of: old, in: text)
        let count = try search.count()
        if count == 0 { return nil }
        let kept = text.count - count * old.count
        let (added, overflow) = count.multipliedReportingOverflow(by: new.count)
        guard !overflow, added <= ValueLimits.textBytes - kept else {
            throw RuntimeError(.limit, ValueLimits.textMessage)
        }
        try Work.reserve(kept + added)
        let result = try String(unsafeUninitializedCapacity: kept + added) { buffer in
            var writer = TextWriter(buffer)
            var position = 0
            for number in 0..<count {
                guard let found = try search.next(from: position) else { break }
                writer.write(text, position, found)
                writer.write(new, 0, new.count)
                position = found &+ old.count
                if number & 0xFFF == 0xFFF { try Work.spend(1 << 16) }
            }
            writer.write(text, position, text.count)
            return writer.count
        }
        return StringObject(result)
    }
}

/// The parts of a text between a separator, as values.
private struct TextCutter {
    let text: UnsafeRawBufferPointer
    let separator: UnsafeRawBufferPointer
    let isASCII: Bool
    /// Whether the parts are lines.
    let isLine: Bool

    init(_ text: UnsafeRawBufferPointer, _ separator: UnsafeRawBufferPointer, isASCII: Bool, isLine: Bool) {
        self.text = text
        self.separator = separator
        self.isASCII = isASCII
        self.isLine = isLine
    }

    /// How many there are; no more than a list may have.
    func count() throws -> Int {
        var count: Int
        if separator.count == 1 {
            count = try bytes(separator[0])
        } else {
            var search = TextSearch(of: separator, in: text)
            count = try search.count()
        }
        // What follows the last end of a line is none unless there is something.
        if !isLine || (text.last.map { $0 != separator[0] } ?? false) { count += 1 }
        guard count <= ValueLimits.listItems else { throw RuntimeError(.limit, ValueLimits.listMessage) }
        return count
    }

    func parts() throws -> [Value] {
        let count = try count()
        var search = TextSearch(of: separator, in: text)
        try Work.reserve(count.multipliedReportingOverflow(by: Self.partSize).partialValue)
        return try [Value](unsafeUninitializedCapacity: count) { buffer, made in
            var start = 0
            while made < count {
                let end = separator.count == 1 ? next(separator[0], from: start) : try search.next(from: start)
                buffer.initializeElement(at: made, to: part(start, end ?? text.count))
                made &+= 1
                start = (end ?? text.count) &+ separator.count
                if made & 0x3FF == 0 { try Work.spend(1 << 16) }
            }
        }
    }

    /// The bytes that a short text takes as an item of a list.
    private static let partSize = 80

    @inline(__always)
    private func part(_ start: Int, _ end: Int) -> Value {
        var end = end
        if isLine, end > start, text[end &- 1] == UInt8(ascii: "\r") { end &-= 1 }
        let bytes = UnsafeRawBufferPointer(rebasing: text[start..<end])
        return .object(StringObject(textOf(bytes), count: isASCII ? end &- start : -1))
    }

    /// How often a byte occurs.
    private func bytes(_ byte: UInt8) throws -> Int {
        guard let start = text.baseAddress else { return 0 }
        let pattern = TextSearch.inEachByte(byte)
        var count = 0
        var position = 0
        while position < text.count {
            let end = min(text.count, position &+ 1 << 16)
            if position > 0 { try Work.spend(1 << 16) }
            while position &+ 8 <= end {
                let word = start.loadUnaligned(fromByteOffset: position, as: UInt64.self) ^ pattern
                count &+= TextSearch.zeroBytes(word).nonzeroBitCount
                position &+= 8
            }
            while position < end {
                if start.load(fromByteOffset: position, as: UInt8.self) == byte { count &+= 1 }
                position &+= 1
            }
        }
        return count
    }

    /// Where a byte stands next.
    @inline(__always)
    private func next(_ byte: UInt8, from start: Int) -> Int? {
        guard let text = text.baseAddress else { return nil }
        let count = self.text.count
        let pattern = TextSearch.inEachByte(byte)
        var position = start
        while position &+ 8 <= count {
            let word = text.loadUnaligned(fromByteOffset: position, as: UInt64.self) ^ pattern
            let found = TextSearch.zeroBytes(word)
            if found != 0 { return position &+ found.trailingZeroBitCount &>> 3 }
            position &+= 8
        }
        while position < count {
            if text.load(fromByteOffset: position, as: UInt8.self) == byte { return position }
            position &+= 1
        }
        return nil
    }
}

extension StringObject {
    /// In capitals or small letters where each character is one byte; else nil.
    package func changingCase(toUpper: Bool) throws -> StringObject? {
        if !isASCII { return nil }
        let size = text.utf8.count
        try Work.reserve(size)
        // The letters that change, and the bit that makes the difference.
        let first = UInt8(ascii: toUpper ? "a" : "A")
        let result = try withBytes(text) { text in
            Result {
                try String(unsafeUninitializedCapacity: size) { buffer in
                    for position in 0..<size {
                        let byte = text[position]
                        buffer[position] = byte &- first < 26 ? byte ^ 0x20 : byte
                        if position & 0xFFFF == 0xFFFF { try Work.spend(1 << 16) }
                    }
                    return size
                }
            }
        }.get()
        return StringObject(result, count: size)
    }
}

extension StringObject {
    /// The byte at an offset that is known to exist.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 { withBytes(text) { $0[offset] } }

    /// The bytes at offsets that are known to exist, each of which is a character.
    func bytes(_ offsets: Range<Int>) -> String {
        withBytes(text) { textOf(UnsafeRawBufferPointer(rebasing: $0[offsets])) }
    }
}
