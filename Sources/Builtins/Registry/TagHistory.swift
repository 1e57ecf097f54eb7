package import Lang

/// What is known of how tags have moved.
package protocol TagHistory: Sendable {
    /// Every move of a tag that relsh has made, the newest first.
    /// - Parameter image: registry, repository and tag.
    func moves(of image: ImageReference) async throws -> [TagMove]
    /// The run that has made something what it is now, where that is known.
    func maker(of subject: Inverse.Subject, as state: Inverse.State) async throws -> ChangeMaker?
}

extension TagHistory {
    package func maker(of subject: Inverse.Subject, as state: Inverse.State) async throws -> ChangeMaker? { nil }
}

/// The run that has changed something, and whose it was.
package struct ChangeMaker: Sendable, Hashable {
    package let run: Int
    package let command: String
    package let user: String
    package let host: String
    /// Seconds since 1970.
    package let time: Double

    package var description: String {
        "run #\(run) (`\(command)`), which \(user) started on \(host), at \(CalendarTime(secondsSince1970: time))"
    }
}

/// One move of a tag.
package struct TagMove: Sendable, Hashable {
    /// The run that made it, as `relsh show` takes it.
    package let run: Int
    package let user: String
    /// Seconds since 1970.
    package let time: Double
    /// Nil where the tag was not there.
    package let from: Digest?
    /// Nil where the tag was deleted, or where it is not known.
    package let to: Digest?
    /// Whether it has been taken back since.
    package let isUndone: Bool
}

/// Where no ledger is.
package struct NoTagHistory: TagHistory {
    package init() {}
    package func moves(of image: ImageReference) async throws -> [TagMove] { [] }
}
