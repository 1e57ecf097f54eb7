/// An http or https address, split as a connection needs it (RFC 3986).
package struct WebAddress: Sendable, Hashable {
    /// `http`, `https`, or `unix` for a socket of this machine.
    package var scheme: String
    /// Without brackets; the path of a socket.
    package var host: String
    package var port: Int?
    /// Begins with `/`.
    package var path: String
    /// Without `?`; nil where there is none.
    package var query: String?

    package init(scheme: String, host: String, port: Int? = nil, path: String = "/", query: String? = nil) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    /// Plain HTTP over a socket of this machine.
    package init(socket: String, path: String) { self.init(scheme: "unix", host: socket, path: path) }

    package var isSocket: Bool { scheme == "unix" }

    /// Nil for what is no http or https address.
    package init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        let scheme = text[..<colon].lowercased()
        guard scheme == "http" || scheme == "https", text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        var rest = text[text.index(colon, offsetBy: 3)...]
        if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let (host, port) = Self.authority(rest[..<end]) else { return nil }
        self.init(scheme: scheme, host: host, port: port)
        setTarget(rest[end...])
    }

    /// `host`, `host:port` or `[address]:port`; credentials in an address are not taken.
    private static func authority(_ text: Substring) -> (String, Int?)? {
        if text.contains("@") { return nil }
        var host = text
        var portText: Substring?
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<bracket]
            let tail = text[text.index(after: bracket)...]
            if !tail.isEmpty {
                guard tail.hasPrefix(":") else { return nil }
                portText = tail.dropFirst()
            }
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            portText = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else { return nil }
        guard let portText else { return (String(host), nil) }
        guard let port = Int(portText), (1...65_535).contains(port) else { return nil }
        return (String(host), port)
    }

    private mutating func setTarget(_ text: Substring) {
        let mark = text.firstIndex(of: "?")
        let path = text[..<(mark ?? text.endIndex)]
        self.path = path.hasPrefix("/") ? String(path) : "/" + path
        query = mark.map { String(text[text.index(after: $0)...]) }
    }

    /// What a `Location` or `Link` found here means: another address, a path on this host, or one beside this path.
    package func resolving(_ reference: String) -> WebAddress? {
        if reference.hasPrefix("http://") || reference.hasPrefix("https://") { return WebAddress(reference) }
        if reference.hasPrefix("//") { return WebAddress("\(scheme):\(reference)") }
        guard reference.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        var resolved = self
        if reference.hasPrefix("/") {
            resolved.setTarget(Substring(reference))
        } else if reference.hasPrefix("?") {
            resolved.query = String(reference.dropFirst())
        } else {
            let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
            resolved.setTarget(folder + reference)
        }
        return resolved
    }

    /// With `name=value` added to its query, both percent-encoded.
    package func adding(_ name: String, _ value: String) -> WebAddress {
        var address = self
        let pair = "\(PercentEncoding.encode(name))=\(PercentEncoding.encode(value))"
        address.query = query.map { $0.isEmpty ? pair : "\($0)&\(pair)" } ?? pair
        return address
    }

    // MARK: - Parts

    package var effectivePort: Int { port ?? (scheme == "https" ? 443 : 80) }

    /// Scheme, host and port: credentials for one of these are for no other.
    package var origin: String {
        isSocket ? "unix:\(host)" : "\(scheme)://\(host.lowercased()):\(effectivePort)"
    }

    /// The `Host` field.
    package var authority: String {
        // A socket has no name, and the field must not be empty.
        if isSocket { return "localhost" }
        let name = host.contains(":") ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }

    /// What stands in the request line.
    package var target: String { path + (query.map { "?\($0)" } ?? "") }

    package var text: String { "\(root)\(target)" }

    /// Without the query, which may carry a signature.
    package var shown: String { "\(root)\(path)" }

    private var root: String { isSocket ? "unix:\(host):" : "\(scheme)://\(authority)" }
}

/// Text as part of an address or a form.
package enum PercentEncoding {
    /// Everything but the unreserved characters of RFC 3986, section 2.3, becomes `%XX`.
    package static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Text with its `%XX` read; what is no such thing stays.
    package static func decode(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                rest.count >= 2
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `name=value&…`, as `application/x-www-form-urlencoded` wants it.
    package static func form(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(encode($0.0))=\(encode($0.1))" }.joined(separator: "&")
    }
}
