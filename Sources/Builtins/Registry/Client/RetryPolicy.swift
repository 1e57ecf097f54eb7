/// Whether and when to try again: exponential back-off with jitter, and what a registry asks for in `Retry-After`.
struct RetryPolicy: Sendable {
    /// How often in all.
    var attempts = 6
    /// A host that refuses connections is down; it may be starting, but is not waited for long.
    var attemptsWhenRefused = 3
    /// Nor is one that takes connections and says nothing: each attempt waits for a minute.
    var attemptsWhenSilent = 3
    /// In seconds.
    var firstDelay = 0.4
    var longestDelay = 20.0
    /// A registry that asks for more patience than this is believed, and the attempt ends.
    var longestWait = 120.0

    /// What came of an attempt.
    enum Outcome: Sendable {
        case status(Int, retryAfter: Double?)
        case failure(HTTPFailure.Kind)
    }

    /// The seconds to wait before the next attempt; nil where there is to be none.
    ///
    /// - Parameters:
    ///   - attempt: how many there were, from 1.
    ///   - random: from 0 to 1. Half of the delay is left to chance, so that those who failed together do not return
    ///     together.
    func delay(after outcome: Outcome, attempt: Int, random: Double) -> Double? {
        var allowed = attempts
        switch outcome {
        case .status(let status, let wait):
            guard Self.isTransient(status) else { return nil }
            if let wait, wait > longestWait { return nil }
            if let wait, attempt < allowed { return max(wait, 0) + random * firstDelay }
        case .failure(.refused): allowed = attemptsWhenRefused
        case .failure(.timeout): allowed = attemptsWhenSilent
        case .failure(.reset): break
        case .failure: return nil
        }
        guard attempt < allowed else { return nil }
        let full = min(longestDelay, firstDelay * Double(1 << min(attempt - 1, 20)))
        return full / 2 + full / 2 * random
    }

    /// Too many requests, and what is the server's own trouble. 501 and 505 will not change.
    static func isTransient(_ status: Int) -> Bool { [408, 429, 500, 502, 503, 504].contains(status) }

    /// The seconds that `Retry-After` asks for, given as such or as a date (RFC 9110, section 10.2.3).
    ///
    /// - Parameter now: seconds since 1970.
    static func seconds(_ field: String, now: Double) -> Double? {
        let text = field.trimmed
        if let seconds = Int(text), seconds >= 0 { return Double(seconds) }
        return HTTPDate.secondsSince1970(text).map { max(0, $0 - now) }
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Nil for anything else.
    static func secondsSince1970(_ text: String) -> Double? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), let year = Int(words[3]),
            let month = months.firstIndex(where: { $0 == words[2] }), (1...31).contains(day),
            (1970...9999).contains(year)
        else { return nil }
        let time = words[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, time.allSatisfy({ (0...60).contains($0) }), time[0] < 24 else { return nil }
        // Years that begin in March have the leap day at their end.
        let shifted = month < 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 10) % 12) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return Double(days * 86_400 + time[0] * 3600 + time[1] * 60 + time[2])
    }
}
