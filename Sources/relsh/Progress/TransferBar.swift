/// Bytes on their way to one place: how many, how fast, and how it looks. `Duration`s are times since the run began.
struct TransferBar: Sendable {
    private let place: String
    private let total: Int
    private let start: Duration
    private var bytes = 0
    /// What had gone when, over the last seconds: the rate is theirs.
    private var samples: [(time: Duration, bytes: Int)]

    private static let cells = 20
    private static let sampleInterval = Duration.milliseconds(200)
    private static let window = Duration.seconds(3)

    init(_ place: String, total: Int, at now: Duration) {
        self.place = oneLine(place)
        self.total = max(1, total)
        start = now
        samples = [(now, 0)]
    }

    mutating func reached(_ bytes: Int, at now: Duration) {
        self.bytes = min(max(0, bytes), total)
        if let last = samples.last, now - last.time < Self.sampleInterval { return }
        samples.append((now, self.bytes))
        while samples.count > 2, let first = samples.first, now - first.time > Self.window { samples.removeFirst() }
    }

    /// In bytes a second; nil as long as it is not known.
    private func rate(at now: Duration) -> Int? {
        guard let first = samples.first else { return nil }
        let elapsed = (now - first.time) / .seconds(1)
        guard elapsed >= 0.2 else { return nil }
        return max(0, Int(Double(bytes - first.bytes) / elapsed))
    }

    private var percent: Int { Int(Double(bytes) / Double(total) * 100) }

    /// `ghcr.io/team/app:dev  ━━━━━━━━────────────  41 %  205 MB of 500 MB  84 MB/s`
    func line(at now: Duration) -> StyledLine {
        let full = Int(Double(bytes) / Double(total) * Double(Self.cells))
        let number = percent < 10 ? "  \(percent)" : percent < 100 ? " \(percent)" : "\(percent)"
        let speed = rate(at: now).map { "  \(shownSize($0))/s" } ?? ""
        return StyledLine("\(place)  ") + (String(repeating: "━", count: full), .cyan)
            + (String(repeating: "─", count: Self.cells - full), .dim)
            + (" \(number) %  \(shownSize(bytes)) of \(shownSize(total))\(speed)", .plain)
    }

    /// The same without a bar: `ghcr.io/team/app:dev: 205 MB of 500 MB (41 %), 84 MB/s`
    func text(at now: Duration) -> String {
        let speed = rate(at: now).map { ", \(shownSize($0))/s" } ?? ""
        return "\(place): \(shownSize(bytes)) of \(shownSize(total)) (\(percent) %)\(speed)"
    }
}
