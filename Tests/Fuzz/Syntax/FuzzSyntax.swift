import TestSupport

/// Called by libFuzzer, which has the `main`, with each text it makes up. See `make fuzz`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSyntax(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    if let problem = SyntaxFuzzing.problem(Array(UnsafeBufferPointer(start: start, count: count))) {
        fatalError(problem)
    }
    return 0
}
