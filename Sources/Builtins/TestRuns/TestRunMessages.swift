package import Lang

/// What can go wrong when an image is tested.
extension Message {
    package static func testsFailed(_ suite: String, image: String, exitCode: Int) -> Message {
        Message(
            "the \(suite) tests failed on \(image) (exit code \(exitCode))",
            help: "their whole output is above and in the report; run them alone with "
                + "`relsh run_\(suite)_tests --stage …` where the project has that recipe")
    }

    package static func cannotRunPlatform(_ suite: String, image: String, platform: String) -> Message {
        Message(
            "the \(suite) tests could not be started on \(image) for \(platform)",
            help: "this machine may have nothing that runs programs of \(platform): register qemu for it (Debian's "
                + "qemu-user-static, or `docker run --privileged --rm tonistiigi/binfmt --install all`)")
    }

    package static func testsTimedOut(_ suite: String, image: String, limit: Duration) -> Message {
        Message(
            "the \(suite) tests on \(image) did not end within \(limit.literal), and were stopped",
            help: "look at the end of their output for what they were waiting for, or raise `timeout` in relsh.toml, "
                + "[tests.\(suite)]")
    }

    package static func suiteNeedsVersion(_ suite: String) -> Message {
        Message(
            "the \(suite) tests ask for {version}, and none was given",
            help: "pass version: to tests.run, or leave {version} out of `command` in relsh.toml, [tests.\(suite)]")
    }
}
