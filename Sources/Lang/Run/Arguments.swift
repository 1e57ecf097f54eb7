/// The arguments of a builtin that runs inside the machine. They stand where the machine has them, so that a call makes no array;
/// a body must not keep this beyond its call.
package struct Arguments {
    @usableFromInline let first: UnsafePointer<Value>?
    package let count: Int

    init(_ first: UnsafePointer<Value>?, count: Int) {
        self.first = first
        self.count = count
    }

    /// `.missing` for one beyond those that were given.
    @inlinable package subscript(position: Int) -> Value {
        if let first, position < count { return first[position] }
        return .missing
    }

    package var all: [Value] { Array(UnsafeBufferPointer(start: first, count: count)) }

    /// Calls `body` with these values as arguments.
    package static func with<R>(_ values: [Value], _ body: (Arguments) throws -> R) rethrows -> R {
        try values.withUnsafeBufferPointer { try body(Arguments($0.baseAddress, count: $0.count)) }
    }
}
