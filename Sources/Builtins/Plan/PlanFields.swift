import Lang

/// One object of a plan's file, and what is wrong with it.
struct PlanFields {
    struct Malformed: Error {
        let reason: String
    }

    private let fields: OrderedMap<Value>
    /// As it stands in "`title` of a step must be text".
    private let what: String

    init(_ fields: OrderedMap<Value>, in what: String) {
        self.fields = fields
        self.what = what
    }

    func text(_ name: String) throws(Malformed) -> String {
        if let text = fields[name]?.asString { return text }
        throw malformed(name, "text")
    }

    func optionalText(_ name: String) throws(Malformed) -> String? {
        isNull(name) ? nil : try text(name)
    }

    func texts(_ name: String) throws(Malformed) -> [String] {
        if let texts = Self.texts(fields[name]) { return texts }
        throw malformed(name, "a list of texts")
    }

    func textLists(_ name: String) throws(Malformed) -> [[String]] {
        guard let items = fields[name]?.asList else { throw malformed(name, "a list of lists of texts") }
        var lists: [[String]] = []
        for item in items {
            guard let texts = Self.texts(item) else { throw malformed(name, "a list of lists of texts") }
            lists.append(texts)
        }
        return lists
    }

    func textMap(_ name: String) throws(Malformed) -> [String: String] {
        guard let map = fields[name]?.asMap else { throw malformed(name, "an object of texts") }
        var texts: [String: String] = [:]
        for (key, value) in map {
            guard let text = value.asString else { throw malformed(name, "an object of texts") }
            texts[key] = text
        }
        return texts
    }

    func list<T>(_ name: String, _ read: (PlanFields) throws(Malformed) -> T) throws(Malformed) -> [T] {
        guard let items = fields[name]?.asList else { throw malformed(name, "a list of objects") }
        var list: [T] = []
        for (position, item) in items.enumerated() {
            guard let map = item.asMap else { throw malformed(name, "a list of objects") }
            list.append(try read(PlanFields(map, in: "entry \(position + 1) of `\(name)`")))
        }
        return list
    }

    func mark() throws(Malformed) -> Plan.Mark {
        Plan.Mark(isUncertain: try flag("may_not_come"), mayRepeat: try flag("may_repeat"))
    }

    private func flag(_ name: String) throws(Malformed) -> Bool {
        if case .bool(let flag)? = fields[name] { return flag }
        throw malformed(name, "true or false")
    }

    func isNull(_ name: String) -> Bool { fields[name]?.isNull == true }

    /// As JSON; nil where it is null.
    func raw(_ name: String) throws(Malformed) -> String? {
        guard let value = fields[name] else { throw malformed(name, "there") }
        return value.isNull ? nil : Self.text(of: value)
    }

    private func malformed(_ name: String, _ expected: String) -> Malformed {
        Malformed(reason: "`\(name)` of \(what) must be \(expected)")
    }

    private static func texts(_ value: Value?) -> [String]? {
        guard let items = value?.asList else { return nil }
        let texts = items.compactMap(\.asString)
        return texts.count == items.count ? texts : nil
    }

    /// JSON without spaces to spare.
    static func text(of value: Value) -> String? {
        Work.$monitor.withValue(nil) {
            var printer = JSONPrinter(isIndented: false)
            return (try? printer.print(value, depth: 0)) == nil ? nil : printer.text
        }
    }

    static func parsed(_ text: String?) -> Value {
        guard let text else { return .null }
        return Work.$monitor.withValue(nil) {
            var parser = JSONParser(text)
            return (try? parser.parse()) ?? .null
        }
    }
}
