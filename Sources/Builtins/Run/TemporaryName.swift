import Lang

/// What a file is called while its new content is written beside it: `.NAME.relsh-SPACE-PROCESS-RANDOM`. Whoever finds one can
/// tell that it is relsh's, and whether it is still being written.
struct TemporaryName {
    let text: String
    /// What the process number means, see `ProcessMark.space`.
    private let space: String
    private let pid: Int

    private static let mark = ".relsh-"

    private static let ownSpace = String(
        ContentHash.digest(of: Array(ProcessMark.space.utf8)).description.dropFirst("sha256:".count).prefix(8))

    /// For a file of that name, by this process.
    init(for name: String) {
        (space, pid) = (Self.ownSpace, ProcessMark.own.pid)
        let random = String(UInt64.random(in: .min ... .max), radix: 16)
        text = Self.start(name) + "\(space)-\(pid)-\(random)"
    }

    /// Nil for the name of anything else.
    init?(_ text: String) {
        guard text.hasPrefix("."), let mark = text.ranges(of: Self.mark).last else { return nil }
        let parts = text[mark.upperBound...].split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 8, parts[0].allSatisfy(\.isHexDigit), let pid = Int(parts[1]),
            UInt64(parts[2], radix: 16) != nil
        else { return nil }
        self.text = text
        (space, self.pid) = (String(parts[0]), pid)
    }

    /// Whether it is one for a file of that name.
    func isFor(_ name: String) -> Bool { text.hasPrefix(Self.start(name)) }

    /// - Parameter age: since it was written to.
    func isLeft(age: Duration) -> Bool {
        // Of a process elsewhere nothing else can be told.
        if ProcessMark.space.isEmpty || space != Self.ownSpace { return age > .seconds(3600) }
        return !ProcessMark.isThere(pid)
    }

    /// As much of a name as leaves room for the rest.
    private static func start(_ name: String) -> String { ".\(name.limited(to: 150))\(mark)" }
}
