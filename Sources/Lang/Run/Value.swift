/// A value of the language. Scalars stand in the enum itself; everything else is one reference-counted object, so that
/// copying a value is at most one retain. Objects are changed in place only when uniquely referenced (copy on write),
/// which gives lists and maps value semantics.
package enum Value {
    /// An argument that was not given; never visible to programs.
    case missing
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case object(HeapObject)
}

/// The root of everything on the heap. The tag says which subclass it is, without a dynamic cast.
package class HeapObject {
    package enum Tag: UInt8 {
        case string, list, map, range, function, builtin, domain, unknown
    }
    package let tag: Tag
    fileprivate init(_ tag: Tag) { self.tag = tag }
}

/// `Str`. Compared byte by byte: Swift's own `==` would hold canonically equivalent strings equal.
package final class StringObject: HeapObject {
    private var knownHash: UInt32 = 0
    package private(set) var text: String
    private var knownCount = -1
    private var knownStart: UInt64 = 0

    package init(_ text: String) {
        self.text = text
        super.init(.string)
    }

    /// - Parameter count: the number of its scalars, where that is known; else negative.
    init(_ text: String, count: Int) {
        self.text = text
        knownCount = count
        super.init(.string)
    }

    /// The number of Unicode scalars, counted once.
    package var count: Int {
        if knownCount < 0 { knownCount = scalarCount(text) }
        return knownCount
    }

    /// Whether each scalar is one byte, so that positions are offsets.
    package var isASCII: Bool { count == text.utf8.count }

    /// `textHash` of the text, computed once; never 0.
    package var hash: UInt32 {
        if knownHash == 0 { knownHash = textHash(text) }
        return knownHash
    }

    /// `textPrefix` of the text, computed once: most comparisons need nothing else.
    package var start: UInt64 {
        if knownStart == 0 { knownStart = textPrefix(text) }
        return knownStart
    }

    /// Only for an object that nothing else refers to: a `Str` is a value.
    func append(_ other: StringObject) {
        knownHash = 0
        knownStart = 0
        if knownCount >= 0 { knownCount = other.knownCount >= 0 ? knownCount + other.knownCount : -1 }
        text += other.text
    }
}

package final class ListObject: HeapObject {
    package var items: [Value]
    package init(_ items: [Value]) {
        self.items = items
        super.init(.list)
    }

    deinit {
        if !items.isEmpty { Teardown.run(taking: &items) }
    }
}

package final class MapObject: HeapObject {
    package var entries: OrderedMap<Value>
    package init(_ entries: OrderedMap<Value>) {
        self.entries = entries
        super.init(.map)
    }

    deinit {
        if entries.count > 0 { Teardown.run(taking: &entries) }
    }
}

/// `1..3` (up to 3) or `1..<3` (up to 2). Counting down is empty.
package final class RangeObject: HeapObject {
    package let lower: Int
    package let upper: Int
    package let isInclusive: Bool
    package init(_ lower: Int, _ upper: Int, isInclusive: Bool) {
        self.lower = lower
        self.upper = upper
        self.isInclusive = isInclusive
        super.init(.range)
    }

    /// One past the last element; nil for a range that ends at the largest Int, which has no such number.
    package var end: Int? { isInclusive ? (upper == Int.max ? nil : upper + 1) : upper }
    package func contains(_ number: Int) -> Bool {
        number >= lower && (isInclusive ? number <= upper : number < upper)
    }
    /// True for the same numbers, however they are written.
    func holdsTheSame(as other: RangeObject) -> Bool {
        if count == 0 || other.count == 0 { return count == other.count }
        return lower == other.lower && end == other.end
    }
    /// Nil where the count itself does not fit an Int.
    package var count: Int? {
        let (difference, overflow) = upper.subtractingReportingOverflow(lower)
        if overflow { return upper < lower ? 0 : nil }
        if isInclusive { return difference < 0 ? 0 : (difference == Int.max ? nil : difference + 1) }
        return max(0, difference)
    }
}

/// A function written in the language, with the values it captured when it was made.
package final class FunctionObject: HeapObject {
    package let prototype: Prototype
    /// The same without its reference count, for calls.
    let code: Unmanaged<Prototype>
    private(set) var captureCount: Int
    let captures: UnsafeMutablePointer<Value>
    /// How deep functions stand in functions here. Few levels may be freed by recursion; lists and maps see to themselves.
    private let nesting: Int
    private static let plainNesting = 100

    package convenience init(_ prototype: Prototype) { self.init(prototype, in: nil) }

    /// - Parameter registers: the frame of the function that makes it, in which it finds what it captures.
    init(_ prototype: Prototype, in registers: UnsafeMutablePointer<Value>?) {
        self.prototype = prototype
        code = Unmanaged.passUnretained(prototype)
        captureCount = registers == nil ? 0 : prototype.captureCount
        captures = .allocate(capacity: captureCount)
        var nesting = 1
        if let registers {
            for position in 0..<captureCount {
                (captures + position).initialize(to: Self.capture(prototype.captureTable[position], in: registers))
                if let inner = (captures + position).unretained(.function, as: FunctionObject.self) {
                    nesting = max(nesting, inner._withUnsafeGuaranteedRef { $0.nesting } + 1)
                }
            }
        }
        self.nesting = nesting
        super.init(.function)
    }

    /// With values in place of those it would capture where it is made.
    init(_ prototype: Prototype, captured values: [Value]) {
        self.prototype = prototype
        code = Unmanaged.passUnretained(prototype)
        captureCount = values.count
        captures = .allocate(capacity: captureCount)
        for (position, value) in values.enumerated() { (captures + position).initialize(to: value) }
        nesting = 1
        super.init(.function)
    }

    private static func capture(
        _ source: Prototype.CaptureSource, in registers: UnsafeMutablePointer<Value>
    ) -> Value {
        switch source {
        case .register(let register): registers[register]
        case .capture(let position): registers.pointee.object?.function?.captures[position] ?? .null
        }
    }

    /// Takes the captures out.
    fileprivate func takeCaptures() -> [Value] {
        defer {
            captures.deinitialize(count: captureCount)
            captureCount = 0
        }
        return Array(UnsafeBufferPointer(start: captures, count: captureCount))
    }

    deinit {
        if nesting > Self.plainNesting { Teardown.run(taking: takeCaptures()) }
        captures.deinitialize(count: captureCount)
        captures.deallocate()
    }
}

/// A builtin used as a value: `xs.map(Version)`.
package final class BuiltinObject: HeapObject {
    package let builtin: Builtin
    package init(_ builtin: Builtin) {
        self.builtin = builtin
        super.init(.builtin)
    }
}

/// What releases are about.
package final class DomainObject: HeapObject {
    package let domain: DomainValue
    package init(_ domain: DomainValue) {
        self.domain = domain
        super.init(.domain)
    }
}

package enum DomainValue: Sendable {
    case version(Version)
    case image(ImageReference)
    case digest(Digest)
    case duration(Duration)
    case size(Size)
    case path(Path)
    case registry(Registry)
    case secret(Secret)
    case commandResult(CommandResult)
    case error(RuntimeError)
}

/// A value that only a real run would know; what a dry run has in its place.
package final class UnknownObject: HeapObject {
    /// Where it would come from, for example `docker build …`.
    package let origin: String
    package init(_ origin: String) {
        self.origin = origin
        super.init(.unknown)
    }
}

extension Value {
    @inlinable package static func string(_ text: String) -> Value { .object(StringObject(text)) }
    package static func list(_ items: [Value]) -> Value { .object(ListObject(items)) }
    package static func map(_ entries: OrderedMap<Value>) -> Value { .object(MapObject(entries)) }
    package static func domain(_ value: DomainValue) -> Value { .object(DomainObject(value)) }
    package static func unknown(_ origin: String) -> Value { .object(UnknownObject(origin)) }

    package var object: HeapObject? { if case .object(let object) = self { object } else { nil } }
    package var asString: String? { object?.string?.text }
    package var asList: [Value]? { object?.list?.items }
    package var asMap: OrderedMap<Value>? { object?.map?.entries }
    package var asDomain: DomainValue? { object?.domainObject?.domain }
    package var isUnknown: Bool { object?.tag == .unknown }
    package var isNull: Bool { if case .null = self { true } else { false } }
}

/// Frees what nests with a work list: left to itself, the runtime frees it by recursion, and a list nested some ten
/// thousand deep would overflow the native stack.
private enum Teardown {
    static func run(taking items: inout [Value]) {
        var pending: [HeapObject] = []
        collect(items, &pending)
        if pending.isEmpty { return }
        items = []
        drain(&pending)
    }

    static func run(taking entries: inout OrderedMap<Value>) {
        var pending: [HeapObject] = []
        collect(entries.values, &pending)
        if pending.isEmpty { return }
        entries = OrderedMap()
        drain(&pending)
    }

    static func run(taking captures: consuming [Value]) {
        var pending: [HeapObject] = []
        collect(captures, &pending)
        captures = []
        drain(&pending)
    }

    private static func collect(_ items: [Value], _ pending: inout [HeapObject]) {
        for item in items {
            guard case .object(let object) = item else { continue }
            switch object.tag {
            case .list, .map, .function: pending.append(object)
            case .string, .range, .builtin, .domain, .unknown: continue
            }
        }
    }

    /// Whatever only the work list still refers to gives up its parts before it is freed itself.
    private static func drain(_ pending: inout [HeapObject]) {
        while var object = pending.popLast() {
            guard isKnownUniquelyReferenced(&object) else { continue }
            if let list = object.list {
                collect(list.items, &pending)
                list.items = []
            } else if let map = object.map {
                collect(map.entries.values, &pending)
                map.entries = OrderedMap()
            } else if let function = object.function {
                collect(function.takeCaptures(), &pending)
            }
        }
    }
}
