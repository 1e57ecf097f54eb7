// How values are written: as literals of the language, and bare where a person reads them.

extension Value {
    /// The name of the value's type: `Str`, `Int`, `Version`.
    package var typeName: String {
        switch self {
        case .missing, .null: "Null"
        case .bool: "Bool"
        case .int: "Int"
        case .float: "Float"
        case .object(let object):
            switch object.tag {
            case .string: "Str"
            case .list: "List"
            case .map: "Map"
            case .range: "Range"
            case .function, .builtin: "Fn"
            case .unknown: "Unknown"
            case .domain: asDomain?.typeName ?? "Any"
            }
        }
    }

    /// The value as a literal of the language, which reads back as the same value wherever there is one. Cut with `…`
    /// where it nests deeper than 100 or grows beyond 64 MiB.
    package var literal: String {
        var writer = LiteralWriter()
        writer.write(self, depth: 0)
        return writer.text
    }

    /// What `print` and interpolation show: strings and domain values bare, everything else as its literal.
    package var display: String {
        if case .int(let number) = self { return String(number) }
        return asString ?? asDomain?.display ?? literal
    }
}

extension DomainValue {
    /// The name of the type.
    package var typeName: String {
        switch self {
        case .version: "Version"
        case .image: "Image"
        case .digest: "Digest"
        case .duration: "Duration"
        case .size: "Size"
        case .path: "Path"
        case .registry: "Registry"
        case .secret: "Secret"
        case .commandResult: "CommandResult"
        case .error: "Error"
        }
    }

    fileprivate var literal: String {
        switch self {
        case .version(let version):
            if version.prerelease == nil, version.build == nil { return version.description }
            return "Version(\(quoted(version.description)))"
        case .image(let image): return "Image(\(quoted(image.familiar)))"
        case .digest(let digest): return "Digest(\(quoted(digest.description)))"
        case .duration(let duration): return duration.literal
        case .size(let size): return size.literal
        case .path(let path): return "Path(\(quoted(path.text)))"
        case .registry(let registry): return "Registry(\(quoted(registry.name)))"
        case .secret: return Secret.mask
        case .commandResult(let result):
            return "CommandResult(exit_code: \(result.exitCode), stdout: \(quoted(result.stdout)), "
                + "stderr: \(quoted(result.stderr)), duration: \(result.duration.literal))"
        case .error(let error): return "Error(\(quoted(error.message)))"
        }
    }

    /// As a person reads it; nil where that is the literal.
    fileprivate var display: String? {
        switch self {
        case .version(let version): version.description
        case .image(let image): image.familiar
        case .digest(let digest): digest.description
        case .path(let path): path.text
        case .registry(let registry): registry.name
        case .error(let error): error.message
        case .duration, .size, .secret, .commandResult: nil
        }
    }
}

/// Writes literals. Depth and length are bounded: a small program can make a value that nests deeply, or one that holds
/// the same list again and again and would be written out in full each time.
private struct LiteralWriter {
    var text = ""

    private static let maximumDepth = 100
    private static let maximumLength = 64 << 20

    private var isFull: Bool { text.utf8.count > Self.maximumLength }

    mutating func write(_ value: Value, depth: Int) {
        switch value {
        case .missing, .null: text += "null"
        case .bool(let bool): text += bool ? "true" : "false"
        case .int(let int): text += String(int)
        case .float(let float): text += floatLiteral(float)
        case .object(let object): write(object, depth: depth)
        }
    }

    private mutating func write(_ object: HeapObject, depth: Int) {
        switch object {
        case let string as StringObject: text += quoted(string.text)
        case let list as ListObject: write(list, depth: depth)
        case let map as MapObject: write(map, depth: depth)
        case let range as RangeObject: text += "\(range.lower)\(range.isInclusive ? ".." : "..<")\(range.upper)"
        case let function as FunctionObject: writeFunction(function.prototype.name)
        case let builtin as BuiltinObject: writeFunction(builtin.builtin.name)
        case let domain as DomainObject: text += domain.domain.literal
        case let unknown as UnknownObject: text += "<known at run time: \(unknown.origin)>"
        default: break
        }
    }

    private mutating func write(_ list: ListObject, depth: Int) {
        if list.items.isEmpty {
            text += "[]"
            return
        }
        guard depth < Self.maximumDepth, !isFull else {
            text += "…"
            return
        }
        var separator = "["
        for item in list.items {
            text += separator
            separator = ", "
            if isFull {
                text += "…"
                break
            }
            write(item, depth: depth + 1)
        }
        text += "]"
    }

    private mutating func write(_ map: MapObject, depth: Int) {
        guard depth < Self.maximumDepth || map.entries.count == 0, !isFull else {
            text += "…"
            return
        }
        text += "{"
        var separator = ""
        for (key, value) in map.entries {
            text += separator
            separator = ", "
            if isFull {
                text += "…"
                break
            }
            text += (isName(key) ? key : quoted(key)) + ": "
            write(value, depth: depth + 1)
        }
        text += "}"
    }

    private mutating func writeFunction(_ name: String) {
        text += name.isEmpty || name == "fn" ? "fn" : "fn \(name)"
    }
}

/// A Float as a literal: the shortest digits that read back as the same number, always with a point and never with an
/// exponent, which the language does not have.
private func floatLiteral(_ float: Double) -> String {
    let text = float.description
    guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) else { return text }
    let mantissa = text[..<mark]
    let digits = mantissa.filter { $0 != "." && $0 != "-" }
    let sign = mantissa.hasPrefix("-") ? "-" : ""
    if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
    let zeros = max(0, exponent + 1 - digits.count)
    return sign + digits + String(repeating: "0", count: zeros) + ".0"
}

/// Whether a map's key can stand without quotes.
private func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !isDigit(first) else { return false }
    return text.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
}

private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

private func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }
