// From a value to the object of one class.

// By the tag: a dynamic cast would cost more than most of what is done with its result.
extension HeapObject {
    package var string: StringObject? { tag == .string ? unsafeDowncast(self, to: StringObject.self) : nil }
    package var list: ListObject? { tag == .list ? unsafeDowncast(self, to: ListObject.self) : nil }
    package var map: MapObject? { tag == .map ? unsafeDowncast(self, to: MapObject.self) : nil }
    package var range: RangeObject? { tag == .range ? unsafeDowncast(self, to: RangeObject.self) : nil }
    package var function: FunctionObject? { tag == .function ? unsafeDowncast(self, to: FunctionObject.self) : nil }
    package var domainObject: DomainObject? { tag == .domain ? unsafeDowncast(self, to: DomainObject.self) : nil }
    package var unknown: UnknownObject? { tag == .unknown ? unsafeDowncast(self, to: UnknownObject.self) : nil }
}

extension ListObject {
    /// Without a copy of the array, which would be retained.
    @inline(__always)
    func copyItem(at position: Int, to target: Registers) {
        items.withUnsafeBufferPointer { items in
            if let first = items.baseAddress { target.copy(first + position) }
        }
    }
}
