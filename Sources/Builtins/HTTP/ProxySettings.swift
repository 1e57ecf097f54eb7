/// Which proxy requests go through, by the variables that docker and curl know: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`,
/// or the same in lowercase.
struct ProxySettings: Sendable {
    private let byScheme: [String: String]
    private let exceptions: [String]

    /// A proxy that is spoken to without encryption. What goes through it to a registry may be encrypted all the same.
    struct Proxy: Sendable, Hashable {
        let host: String
        let port: Int
        /// The `Proxy-Authorization` field; may hold a password.
        let authorization: String?
        var shown: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }
    }

    init(_ environment: [String: String]) {
        func value(_ name: String) -> String? {
            [name, name.lowercased()].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        var byScheme: [String: String] = [:]
        byScheme["https"] = value("HTTPS_PROXY")
        byScheme["http"] = value("HTTP_PROXY")
        self.byScheme = byScheme
        exceptions = (value("NO_PROXY") ?? "").split { $0 == "," || $0 == " " }.map { $0.lowercased() }
    }

    /// Nil where a request goes straight there. What this machine serves itself is never asked for through a proxy.
    /// - Throws: `HTTPFailure` for a proxy that is none.
    func proxy(for url: WebAddress) throws(HTTPFailure) -> Proxy? {
        guard let text = byScheme[url.scheme], !Self.isThisMachine(url.host), !isExcepted(url) else { return nil }
        guard let proxy = Self.parse(text) else {
            throw HTTPFailure(.proxy, "\(url.scheme.uppercased())_PROXY must be http://HOST:PORT, but is not")
        }
        return proxy
    }

    /// `host`, `host:port`, `http://host:port`, each with or without `user:password@`.
    private static func parse(_ text: String) -> Proxy? {
        var rest = text[...]
        if rest.hasPrefix("http://") { rest = rest.dropFirst("http://".count) }
        if rest.contains("://") { return nil }
        var authorization: String?
        if let at = rest.lastIndex(of: "@") {
            authorization = "Basic " + Base64.encode(PercentEncoding.decode(String(rest[..<at])))
            rest = rest[rest.index(after: at)...]
        }
        guard let address = WebAddress("http://\(rest)"), ["", "/"].contains(address.path) else { return nil }
        return Proxy(host: address.host, port: address.port ?? 80, authorization: authorization)
    }

    // MARK: - Exceptions

    private static func isThisMachine(_ host: String) -> Bool {
        host.lowercased() == "localhost" || IPAddress(host)?.isLoopback == true
    }

    private func isExcepted(_ url: WebAddress) -> Bool {
        let host = url.host.lowercased()
        return exceptions.contains { exception in
            if exception == "*" { return true }
            if let slash = exception.firstIndex(of: "/") {
                guard let network = IPAddress(String(exception[..<slash])),
                    let length = Int(exception[exception.index(after: slash)...]), let address = IPAddress(host)
                else { return false }
                return network.contains(address, length)
            }
            var name = exception[...]
            let colon = name.lastIndex(of: ":")
            // An address of IPv6 has colons of its own.
            if let colon, name.firstIndex(of: ":") == colon || name.hasPrefix("[") {
                guard Int(name[name.index(after: colon)...]) == url.effectivePort else { return false }
                name = name[..<colon]
            }
            if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
            if name.hasPrefix("*.") { name = name.dropFirst() }
            // `.example.com` is every host below it, `example.com` is that host, too.
            return name.hasPrefix(".") ? host.hasSuffix(name) : host == name || host.hasSuffix("." + name)
        }
    }
}
