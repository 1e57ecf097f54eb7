/// One instruction: an opcode, an operand of 8 bits and three of 16. `bx` joins the last two into one of 32.
package struct Instruction: Sendable {
    package let bits: UInt64

    init(_ opcode: Opcode, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, d: Int = 0) {
        bits =
            UInt64(opcode.rawValue) | UInt64(UInt8(truncatingIfNeeded: d)) << 8 | UInt64(UInt16(truncatingIfNeeded: a))
            << 16
            | UInt64(UInt16(truncatingIfNeeded: b)) << 32 | UInt64(UInt16(truncatingIfNeeded: c)) << 48
    }

    init(_ opcode: Opcode, _ a: Int, bx: Int) {
        bits =
            UInt64(opcode.rawValue) | UInt64(UInt16(truncatingIfNeeded: a)) << 16
            | UInt64(UInt32(truncatingIfNeeded: bx)) << 32
    }

    @inline(__always) var opcode: Opcode { unsafeBitCast(UInt8(truncatingIfNeeded: bits), to: Opcode.self) }
    @inline(__always) var a: Int { Int(UInt16(truncatingIfNeeded: bits >> 16)) }
    @inline(__always) var b: Int { Int(UInt16(truncatingIfNeeded: bits >> 32)) }
    @inline(__always) var c: Int { Int(UInt16(truncatingIfNeeded: bits >> 48)) }
    @inline(__always) var d: Int { Int(UInt8(truncatingIfNeeded: bits >> 8)) }
    @inline(__always) var bx: Int { Int(UInt32(truncatingIfNeeded: bits >> 32)) }
    @inline(__always) var signedB: Int { Int(Int16(truncatingIfNeeded: bits >> 32)) }
    @inline(__always) var signedC: Int { Int(Int16(truncatingIfNeeded: bits >> 48)) }
    @inline(__always) var signedBx: Int { Int(Int32(truncatingIfNeeded: bits >> 32)) }
}
