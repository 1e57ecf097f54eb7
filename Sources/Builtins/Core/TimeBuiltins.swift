package import Lang

/// `time`: the clock. Always UTC, so that a release reads the same wherever it was made.
package enum TimeBuiltins {
    package static let all: [Builtin] = [now, today, seconds, sleep]

    private static let now: Builtin = .reads(
        "time.now", "Returns the time in UTC as ISO 8601 writes it: `2025-10-06T09:30:00Z`.",
        example: """
            > time.now().len()
            20
            """
    ) { (world: World) -> String in
        CalendarTime(secondsSince1970: world.clock.now()).description
    }

    private static let today: Builtin = .reads(
        "time.today", "Returns the day in UTC: `2025-10-06`.",
        example: """
            > time.today().len()
            10
            """
    ) { (world: World) -> String in
        CalendarTime(secondsSince1970: world.clock.now()).date
    }

    private static let seconds: Builtin = .reads(
        "time.seconds", "Returns the seconds since 1970-01-01 00:00 UTC, with fractions.",
        example: """
            > time.seconds() > 1_700_000_000.0
            true
            """
    ) { (world: World) -> Double in
        world.clock.now()
    }

    private static let sleep: Builtin = .reads(
        "time.sleep", "Waits. To wait until something is so, write `retry` instead.",
        Parameter<Duration>("duration", "how long"),
        example: """
            > time.sleep(1ms)
            """
    ) { (world: World, duration: Duration) -> Nothing in
        try await world.clock.sleep(duration)
        return Nothing()
    }
}
