/// Values in a row on a fiber's stack.
typealias Registers = UnsafeMutablePointer<Value>

// Reading and writing registers without reference counts where neither the old nor the new value is an object, which nearly
// always holds in code that computes. Left to itself, the compiler calls a function of its own for each value that is copied or
// overwritten, and that call costs more than the addition that it stands around.
extension UnsafeMutablePointer<Value> {
    @inline(__always) var isObject: Bool { if case .object = pointee { true } else { false } }

    /// The object that stands here, which is known to be one. Read by its place in memory, since taking it out of the enum would
    /// retain it; a test holds that the place is right. Only to be used while the object stays here.
    @inline(__always) private func reference<Object: HeapObject>(_ type: Object.Type) -> Unmanaged<Object> {
        UnsafeRawPointer(self).load(as: Unmanaged<Object>.self)
    }

    @inline(__always) var unretained: Unmanaged<HeapObject>? { isObject ? reference(HeapObject.self) : nil }

    /// The same where the object has this tag, and so is of this class.
    @inline(__always)
    func unretained<Object: HeapObject>(_ tag: HeapObject.Tag, as type: Object.Type) -> Unmanaged<Object>? {
        guard isObject, reference(HeapObject.self)._withUnsafeGuaranteedRef({ $0.tag }) == tag else { return nil }
        return reference(type)
    }

    /// Takes the object out where it has this tag; what stays is null.
    @inline(__always)
    func takeObject<Object: HeapObject>(_ tag: HeapObject.Tag, as type: Object.Type) -> Object? {
        guard let held = unretained(tag, as: type) else { return nil }
        initialize(to: .null)
        return held.takeRetainedValue()
    }

    /// Whether nothing else refers to the object that stands here, so that it may be changed.
    @inline(__always) var isOnlyReference: Bool {
        isKnownUniquelyReferenced(&UnsafeMutableRawPointer(self).assumingMemoryBound(to: HeapObject.self).pointee)
    }

    /// `Value.typeKey`, without a reference count.
    @inline(__always) var typeKey: UInt8 {
        guard let tag = unretained?._withUnsafeGuaranteedRef({ $0.tag }), tag != .domain else { return pointee.typeKey }
        return 8 + tag.rawValue
    }

    @inline(__always) func set(_ int: Int) {
        if isObject { empty() }
        initialize(to: .int(int))
    }

    @inline(__always) func set(_ float: Double) {
        if isObject { empty() }
        initialize(to: .float(float))
    }

    @inline(__always) func set(_ bool: Bool) {
        if isObject { empty() }
        initialize(to: .bool(bool))
    }

    @inline(__always) func setNull() {
        if isObject { empty() } else { initialize(to: .null) }
    }

    @inline(__always) func setMissing() {
        if isObject { empty() }
        initialize(to: .missing)
    }

    /// The value of another register, or of a constant, global or item.
    @inline(__always) func copy(_ source: UnsafePointer<Value>) {
        if isObject || source.isObject {
            assign(source)
        } else {
            UnsafeMutableRawPointer(self).copyMemory(from: source, byteCount: MemoryLayout<Value>.size)
        }
    }

    @inline(__always) func copy(_ source: Registers) { copy(UnsafePointer(source)) }

    /// The value of another register, which is null afterwards where it was an object: a forgotten reference would make the next
    /// change of a list a copy.
    @inline(__always) func take(_ source: Registers) {
        if isObject { empty() }
        if source.isObject {
            moveInitialize(from: source, count: 1)
            source.initialize(to: .null)
        } else {
            UnsafeMutableRawPointer(self).copyMemory(from: source, byteCount: MemoryLayout<Value>.size)
        }
    }

    /// Lets go of what stands here. Numbers may stay: nothing depends on them.
    @inline(__always) func release() {
        if isObject { empty() }
    }

    /// A new value.
    @inline(__always) func put(_ value: consuming Value) {
        if isObject { empty() }
        initialize(to: value)
    }

    // By hand: written as an assignment, both would ask twice what stands here.
    @inline(never) private func empty() {
        let old = reference(HeapObject.self)
        initialize(to: .null)
        old.release()
    }

    @inline(never) private func assign(_ source: UnsafePointer<Value>) {
        let old = unretained
        if source.isObject { _ = Registers(mutating: source).reference(HeapObject.self).retain() }
        UnsafeMutableRawPointer(self).copyMemory(from: source, byteCount: MemoryLayout<Value>.size)
        old?.release()
    }
}

extension UnsafePointer<Value> {
    @inline(__always) fileprivate var isObject: Bool { if case .object = pointee { true } else { false } }
}

extension Value {
    /// Takes the object out where it is of this class; what stays is null. So nothing else holds it if nothing else did.
    @inline(__always)
    mutating func takeObject<Object: HeapObject>(_ tag: HeapObject.Tag, as type: Object.Type) -> Object? {
        withUnsafeMutablePointer(to: &self) { $0.takeObject(tag, as: type) }
    }
}

extension Unmanaged<StringObject> {
    /// The length of the text in bytes.
    @inline(__always)
    var byteCount: Int { _withUnsafeGuaranteedRef { $0.text.utf8.count } }
}
