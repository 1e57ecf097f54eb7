import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// Containers that are there, and files that are brought out of images.
@Suite struct ContainerTests {
    private let processes = FakeProcesses()
    private let files = FakeFiles()
    private var world: World { .fake(processes: processes, files: files) }

    @Test func statsAreRowsOfMaps() async throws {
        processes.answer("docker", "stats", with: .init(stdout: "{\"ID\": \"a1\", \"CPUPerc\": \"0.1%\"}\n"))
        let rows = try await builtin("docker.stats").call(["a1"], in: world)
        #expect(rows.literal == "[{ID: \"a1\", CPUPerc: \"0.1%\"}]")
        #expect(processes.lines == ["docker stats --no-stream --format '{{json .}}' a1"])
    }

    @Test func aContainerIsRemovedWithItsVolumes() async throws {
        processes.answer("docker", "rm", with: .init())
        _ = try await builtin("docker.remove_container").call("a1", in: world)
        #expect(processes.lines == ["docker rm --force --volumes a1"])
    }

    @Test func aFileComesOutOfAnImageThroughAContainerThatNeverRuns() async throws {
        processes.answer("docker", with: .init())
        let image = try ImageReference(parsing: "app:dev").value
        let prepared = try builtin("docker.copy_out").prepared(image, "/install/pip_list.txt", "list.txt")
        #expect(
            try await prepared.commands(world) == [
                "docker create --name relsh-copy app:dev true",
                "docker cp --follow-link relsh-copy:/install/pip_list.txt list.txt",
                "docker rm --force --volumes relsh-copy",
            ])
        #expect(try await prepared.inverses?(world).first?.before == .absent)
        _ = try await prepared.perform(world)
        #expect(processes.lines.map { $0.split(separator: " ")[1] } == ["create", "cp", "rm"])
    }

    @Test func theContainerIsRemovedWhereTheFileIsNotThere() async throws {
        processes.answer("docker", with: .init())
        processes.answer("docker", "cp", with: .init(exitCode: 1, stderr: "Error response: Could not find the file\n"))
        let image = try ImageReference(parsing: "app:dev").value
        let error = await failure { try await builtin("docker.copy_out").call(image, "/x", "y", in: world) }
        #expect(error?.message.contains("copy /x out of app:dev") == true)
        #expect(processes.lines.last?.hasPrefix("docker rm") == true)
    }
}
