import Glibc
package import Lang

/// Names of files are bytes, and texts are UTF-8. A name that is none is kept as a text in which a character stands for each byte that
/// fits nowhere: U+10FF80 to U+10FFFF, which Unicode gives to nobody. `LiveFiles` makes bytes of them again, so that such a file is found
/// under its own name. No program is handed such a text, and nobody is shown one.
package enum FileName {
    /// - Parameter bytes: a name or a path as the system has it.
    package static func text(of bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self), isText(text) { return text }
        let bytes = Array(bytes)
        var scalars = String.UnicodeScalarView()
        var position = 0
        while position < bytes.count {
            let end = position + length(after: bytes[position])
            if end <= bytes.count, let text = String(validating: bytes[position..<end], as: UTF8.self), isText(text) {
                scalars.append(contentsOf: text.unicodeScalars)
                position = end
            } else if let mark = Unicode.Scalar(first + UInt32(bytes[position])) {
                scalars.append(mark)
                position += 1
            }
        }
        return String(scalars)
    }

    /// Whether a name is as the system has it, so that it can be handed out.
    package static func isText(_ name: String) -> Bool {
        // All that stand for bytes begin with this one.
        !name.utf8.contains(0xF4) || !name.unicodeScalars.contains { byte($0) != nil }
    }

    /// As the system has it.
    package static func bytes(of name: String) -> [UInt8] {
        if isText(name) { return Array(name.utf8) }
        return name.unicodeScalars.flatMap { scalar in byte(scalar).map { [$0] } ?? Array(String(scalar).utf8) }
    }

    /// - Parameter name: one that ends with a NUL.
    package static func text(of name: UnsafePointer<CChar>) -> String {
        if let text = String(validatingCString: name), isText(text) { return text }
        let length = strlen(name)
        return name.withMemoryRebound(to: UInt8.self, capacity: length) { bytes in
            text(of: UnsafeBufferPointer(start: bytes, count: length))
        }
    }

    /// As functions of the system take it.
    package static func system(_ name: String) -> [CChar] {
        isText(name) ? Array(name.utf8CString) : bytes(of: name).map(CChar.init(bitPattern:)) + [0]
    }

    /// With an escape for each byte that fits nowhere: `caf\xe9.txt`.
    package static func shown(_ name: String) -> String {
        if isText(name) { return name }
        return name.unicodeScalars.map { scalar in
            byte(scalar).map { "\\x" + String($0, radix: 16) } ?? String(scalar)
        }.joined()
    }

    /// As a shell takes it.
    package static func quoted(_ name: String) -> String {
        if isText(name) { return shellQuoted(name) }
        let parts = name.unicodeScalars.map { scalar -> String in
            if let byte = byte(scalar) { return "\\x" + String(byte, radix: 16) }
            return scalar == "'" || scalar == "\\" ? "\\\(scalar)" : String(scalar)
        }
        return "$'\(parts.joined())'"
    }

    /// What is shown so.
    package static func text(shown text: String) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let next = rest.first {
            if next == UInt8(ascii: "\\"), rest.dropFirst().first == UInt8(ascii: "x"),
                let byte = UInt8(String(rest.dropFirst(2).prefix(2)) ?? "", radix: 16), byte >= 0x80
            {
                bytes.append(byte)
                rest = rest.dropFirst(4)
            } else {
                bytes.append(next)
                rest = rest.dropFirst()
            }
        }
        return self.text(of: bytes)
    }

    /// For what looks at names alone, such as patterns: any byte that fits nowhere is the same character, as programs in Go have it.
    package static func lossy(_ name: String) -> String {
        isText(name) ? name : String(decoding: bytes(of: name), as: UTF8.self)
    }

    private static let first: UInt32 = 0x10FF00

    private static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        scalar.value >= first + 0x80 ? UInt8(scalar.value - first) : nil
    }

    /// How many bytes a character has that begins with this one.
    private static func length(after byte: UInt8) -> Int {
        switch byte {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }
}

extension FileAccess {
    /// When what a path is shown for was changed, see `FileName.shown`; where that may be two files, the earlier time.
    package func changed(shownAs path: String) -> Int? {
        let name = FileName.text(shown: path)
        return [changed(path), name == path ? nil : changed(name)].compactMap { $0 }.min()
    }
}

extension FileName {
    /// A name, or a path, as a program is given it.
    /// - Parameter directory: where it was found.
    /// - Throws: where it is no text. Another name would stand for another file.
    static func handedOut(_ name: String, in directory: String = ".") throws -> String {
        if let stray = stray(in: name, of: directory) { throw RuntimeError(.world, stray.message) }
        return name
    }

    /// A name that is no text, and where it is.
    package struct Stray {
        let name: String
        let directory: String
        /// What is to be said of it.
        package var message: Message { .nameNotText(name, in: directory) }
    }

    /// The first part of a path that is no text; nil where all of it is one.
    /// - Parameter directory: what it is relative to.
    package static func stray(in path: String, of directory: String = ".") -> Stray? {
        if isText(path) { return nil }
        var place = path.hasPrefix("/") ? Path("/") : Path(directory)
        for part in path.split(separator: "/").map(String.init) {
            if !isText(part) { return Stray(name: part, directory: place.text) }
            place = place.joined(part)
        }
        return nil
    }
}
