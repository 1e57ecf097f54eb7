// Options of the command line become values by the type of the parameter they are for.

extension ValueType {
    /// Reads the text of an option. `registries` gives the project's registry of a name.
    ///
    /// Of a union, the exact strings come first, then the other members in their order. Lists are split at commas, and
    /// so are maps, of entries `key=value`.
    package func parse(_ text: String, registries: (String) -> Registry?) throws(ValueError) -> Value {
        switch self {
        case .any, .str: return .string(text)
        case .bool: return .bool(try Self.parseBool(text))
        case .int: return .int(try parseInt(text))
        case .float: return .float(try parseFloat(text))
        case .version: return .domain(.version(try Version(parsing: text)))
        case .image: return .domain(.image(try ImageReference(parsing: text)))
        case .digest: return .domain(.digest(try Digest(parsing: text)))
        case .duration: return .domain(.duration(try Duration(parsing: text)))
        case .size: return .domain(.size(try Size(parsing: text)))
        case .path: return .domain(.path(try Self.parsePath(text)))
        case .registry:
            if let registry = registries(text) { return .domain(.registry(registry)) }
            throw ValueError("registry", mustBe: "one of the project's", butIs: text)
        case .literal(let literal):
            if sameText(text, literal) { return .string(text) }
            throw ValueError("value", mustBe: quoted(literal), butIs: text)
        case .list(let element): return try Self.parseList(text, of: element, registries)
        case .map(let element): return try Self.parseMap(text, of: element, registries)
        case .union(let members): return try Self.parseUnion(text, members, registries)
        case .secret:
            throw ValueError(
                message: "a Secret must not stand on a command line, where everyone can see it",
                hint: "read it inside the recipe from the environment or a file")
        case .null, .range, .fn, .commandResult, .error:
            throw ValueError(message: "an option cannot be of type \(description)")
        }
    }

    private static func parseBool(_ text: String) throws(ValueError) -> Bool {
        switch text {
        case "true", "yes": return true
        case "false", "no": return false
        default: throw ValueError("Bool", mustBe: "true, false, yes or no", butIs: text)
        }
    }

    private static func parsePath(_ text: String) throws(ValueError) -> Path {
        if text.isEmpty { throw ValueError("path", mustBe: "one or more characters", butIs: text) }
        if text.utf8.contains(0) { throw ValueError("path", mustBe: "without NUL characters", butIs: text) }
        return Path(text)
    }

    private static func parseList(
        _ text: String, of element: ValueType, _ registries: (String) -> Registry?
    ) throws(ValueError) -> Value {
        var items: [Value] = []
        for part in parts(of: text) { items.append(try element.parse(part, registries: registries)) }
        return .list(items)
    }

    private static func parseMap(
        _ text: String, of element: ValueType, _ registries: (String) -> Registry?
    ) throws(ValueError) -> Value {
        var entries = OrderedMap<Value>()
        for part in parts(of: text) {
            guard let equals = part.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw ValueError("entry of a map", mustBe: "key=value", butIs: part)
            }
            let value = String(part[part.utf8.index(after: equals)...])
            entries[String(part[..<equals])] = try element.parse(value, registries: registries)
        }
        return .map(entries)
    }

    /// What stands between commas; none for the empty text.
    private static func parts(of text: String) -> [String] {
        if text.isEmpty { return [] }
        let parts = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        return parts.map { String(Substring($0)) }
    }

    private static func parseUnion(
        _ text: String, _ members: [ValueType], _ registries: (String) -> Registry?
    ) throws(ValueError) -> Value {
        let literals = members.compactMap { if case .literal(let literal) = $0 { literal } else { nil } }
        if literals.contains(where: { sameText($0, text) }) { return .string(text) }
        var failures: [ValueError] = []
        for member in members where member != .null {
            if case .literal = member { continue }
            do throws(ValueError) {
                return try member.parse(text, registries: registries)
            } catch {
                failures.append(error)
            }
        }
        if literals.isEmpty, failures.count == 1 { throw failures[0] }
        let others = members.filter { if case .literal = $0 { false } else { $0 != .null } }.map(\.description)
        let expected = (literals.map(quoted) + others).joined(separator: ", ")
        let near = suggestion(for: text, among: literals).map { "did you mean \($0)?" }
        throw ValueError(
            "value", mustBe: literals.count + others.count > 1 ? "one of \(expected)" : expected, butIs: text,
            hint: near ?? failures.lazy.compactMap(\.hint).first)
    }
}
