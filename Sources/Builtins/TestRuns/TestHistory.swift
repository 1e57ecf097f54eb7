package import Lang

/// Which suites have passed on which image, as far as there is a record.
package protocol TestHistory: Sendable {
    /// The newest run in which the suite passed on this image; nil where none is known.
    func pass(of suite: String, on image: Digest) async throws -> TestPass?
}

/// One run of a suite that passed.
package struct TestPass: Sendable, Hashable {
    /// The run it belongs to, as `relsh show` takes it.
    package let run: Int
    package let user: String
    /// Seconds since 1970.
    package let time: Double
}

/// Where no ledger is.
package struct NoTestHistory: TestHistory {
    package init() {}
    package func pass(of suite: String, on image: Digest) async throws -> TestPass? { nil }
}
