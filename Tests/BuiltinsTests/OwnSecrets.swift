import Lang
import Testing

/// The secrets that a suite makes are known to it alone: tests run side by side in one process, and what is a secret of one must not
/// be hidden in what another shows.
struct OwnSecrets: TestTrait, SuiteTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await KnownSecrets.$current.withValue(KnownSecrets()) { try await function() }
    }
}

extension Trait where Self == OwnSecrets {
    static var ownSecrets: OwnSecrets { OwnSecrets() }
}
