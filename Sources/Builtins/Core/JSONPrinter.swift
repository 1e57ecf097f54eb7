internal import Lang

/// Writes a value as JSON.
struct JSONPrinter {
    let isIndented: Bool
    private var bytes: [UInt8] = []
    private var work = WorkCount(pieceOf: 128)
    /// Where an unknown part comes from; the text is then of no use.
    private(set) var unknownOrigin: String?

    init(isIndented: Bool) {
        self.isIndented = isIndented
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func print(_ value: Value, depth: Int) throws {
        guard bytes.count <= ValueLimits.textBytes else { throw RuntimeError(.limit, ValueLimits.textMessage) }
        try work.next()
        if bytes.count == bytes.capacity { try Work.reserve(2 * bytes.count) }
        switch value {
        case .missing, .null: write("null")
        case .bool(let bool): write(bool ? "true" : "false")
        case .int(let int): write(String(int))
        case .float(let float):
            // Only what was read from TOML can be one of those that JSON has no word for.
            guard float.isFinite else { throw RuntimeError(.value, .jsonRefused(value)) }
            write(float.description)
        case .object(let object): try print(object, value, depth: depth)
        }
    }

    private mutating func print(_ object: HeapObject, _ value: Value, depth: Int) throws {
        if let string = object.string {
            try Work.spend(8 * string.text.utf8.count)
            return quote(string.text)
        }
        switch object {
        case let list as ListObject:
            try printContainer("[", "]", count: list.items.count, depth: depth) { printer, position in
                try printer.print(list.items[position], depth: depth + 1)
            }
        case let map as MapObject:
            try printContainer("{", "}", count: map.entries.count, depth: depth) { printer, position in
                printer.quote(map.entries.keys[position])
                printer.write(": ")
                try printer.print(map.entries.values[position], depth: depth + 1)
            }
        case let domain as DomainObject:
            switch domain.domain {
            case .version, .image, .digest, .duration, .size, .path, .registry: quote(value.display)
            case .secret, .commandResult, .error: throw RuntimeError(.value, .jsonRefused(value))
            }
        case let unknown as UnknownObject: unknownOrigin = unknownOrigin ?? unknown.origin
        default: throw RuntimeError(.value, .jsonRefused(value))
        }
    }

    private mutating func printContainer(
        _ open: String, _ close: String, count: Int, depth: Int,
        _ printItem: (inout JSONPrinter, Int) throws -> Void
    ) throws {
        guard depth < JSONBuiltins.maximumDepth else {
            throw RuntimeError(.value, .jsonTooDeep(JSONBuiltins.maximumDepth))
        }
        write(open)
        for position in 0..<count {
            if position > 0 { write(isIndented ? "," : ", ") }
            startLine(depth + 1)
            try printItem(&self, position)
        }
        if count > 0 { startLine(depth) }
        write(close)
    }

    private mutating func startLine(_ depth: Int) {
        guard isIndented else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    private mutating func quote(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { text in
            // What needs no escape is copied in pieces as long as they come.
            var start = 0
            for position in text.indices {
                let byte = text[position]
                if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
                bytes.append(contentsOf: text[start..<position])
                writeEscape(of: byte)
                start = position + 1
            }
            bytes.append(contentsOf: text[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscape(of byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): write("\\\"")
        case UInt8(ascii: "\\"): write("\\\\")
        case UInt8(ascii: "\n"): write("\\n")
        case UInt8(ascii: "\r"): write("\\r")
        case UInt8(ascii: "\t"): write("\\t")
        default:
            let digits = String(byte, radix: 16)
            write("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
        }
    }
}
