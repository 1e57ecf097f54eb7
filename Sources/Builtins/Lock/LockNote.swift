import Lang

/// What a lock at a git remote says about who holds it: the object that its ref stands for.
package struct LockNote: Sendable, Hashable {
    /// Made up for each: two that ask at once must never write the same object, or both would have the lock.
    var token: String
    package let user: String
    package let recipe: String?
    /// Its number in the ledger of its own machine; nil where nothing is recorded.
    package let run: Int?
    package let process: ProcessMark
    /// What the number of the process means: its machine since it was started, and the container on it.
    let space: String
    /// Seconds since 1970, by the clock of the holder.
    let since: Int
    var renewed: Int
    /// Seconds.
    let lease: Int

    /// Of this process.
    init(recipe: String?, run: Int?, lease: Duration, now: Double) {
        token = Self.newToken()
        user = ProcessMark.userName
        self.recipe = recipe
        self.run = run
        process = .own
        space = ProcessMark.space
        since = Int(now)
        renewed = since
        self.lease = max(1, Int(lease.components.seconds))
    }

    static func newToken() -> String {
        (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined(separator: "-")
    }

    // MARK: Whether it still holds

    /// How far the clocks of two machines may differ.
    package static let clockDifference = 300

    /// Seconds since 1970 when it ends unless it is renewed, by the clock of the holder.
    var end: Int { renewed + lease }

    /// True where nobody can be at it any more: its process has ended on this machine, or its lease is over for longer than clocks
    /// differ.
    func isOver(now: Double) -> Bool {
        isKnownDead || Double(end + Self.clockDifference) < now
    }

    /// Only this machine knows: the same number elsewhere, or in another container, is another process.
    var isKnownDead: Bool {
        space == ProcessMark.space && !space.isEmpty && process.isAlive == false
    }

    /// True where its process works on this machine.
    package var isKnownAlive: Bool {
        space == ProcessMark.space && process.isAlive == true
    }

    // MARK: For a person

    package var description: String {
        let name = run.map { "run #\($0)" } ?? "a run"
        let what = recipe.map { "\(name) of \(shown($0))" } ?? name
        return "\(what) by \(shown(user)), process \(process.pid) on \(shown(process.host)), since \(time(since))"
    }

    /// Description with the end of its lease.
    package var longDescription: String { "\(description), lease until \(time(end))" }

    var endDescription: String { time(end) }

    private func time(_ seconds: Int) -> String { CalendarTime(secondsSince1970: Double(seconds)).description }

    /// Others have written it: it must not move the cursor, nor fill the screen.
    private func shown(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars.prefix(100) {
            let isControl = [.control, .format, .surrogate, .lineSeparator, .paragraphSeparator].contains(
                scalar.properties.generalCategory)
            safe.unicodeScalars.append(isControl ? "?" : scalar)
        }
        return text.unicodeScalars.count > 100 ? safe + "…" : safe
    }

    // MARK: As the object

    /// JSON, with a line for each field.
    var text: String {
        let fields = OrderedMap<Value>([
            ("relsh", .int(1)), ("user", .string(user)), ("host", .string(process.host)), ("recipe", recipe.value),
            ("run", run.value), ("process", .int(process.pid)), ("started", .string(process.start)),
            ("space", .string(space)), ("since", .int(since)), ("renewed", .int(renewed)), ("lease", .int(lease)),
            ("token", .string(token)),
        ])
        var printer = JSONPrinter(isIndented: true)
        try? printer.print(.map(fields), depth: 0)
        return printer.text + "\n"
    }

    /// Nil for what is not one, or is one of a later relsh.
    init?(text: String) {
        guard text.utf8.count < 1 << 16, let json = try? JSON.parse(text), json["relsh"]?.int == 1,
            let user = json["user"]?.text, let host = json["host"]?.text, let pid = json["process"]?.int,
            let start = json["started"]?.text, let since = json["since"]?.int, let renewed = json["renewed"]?.int,
            let lease = json["lease"]?.int, let token = json["token"]?.text,
            Self.times.contains(since), Self.times.contains(renewed), (1...Self.longestLease).contains(lease)
        else { return nil }
        self.user = user
        recipe = json["recipe"]?.text
        run = json["run"]?.int
        process = ProcessMark(pid: pid, start: start, host: host)
        space = json["space"]?.text ?? ""
        self.since = since
        self.renewed = renewed
        self.lease = lease
        self.token = token
    }

    private static let times = 0...(1 << 40)
    private static let longestLease = 1 << 30
}

extension JSON {
    fileprivate var int: Int? { if case .int(let int) = self { int } else { nil } }
}
