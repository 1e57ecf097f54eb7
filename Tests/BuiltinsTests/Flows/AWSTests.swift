import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// The aws command as it is called, and what is made of its answers. Tests/EndToEnd has the real one.
@Suite struct AWSTests {
    private let processes = FakeProcesses()
    private let files = FakeFiles(["a.py": "new"])
    private var world: World { .fake(processes: processes, files: files) }

    private static func definition(_ revision: Int, _ images: [String], status: String = "ACTIVE") -> String {
        let containers = images.enumerated().map {
            "{\"name\": \"c\($0)\", \"image\": \"\($1)\", \"environment\": [{\"name\": \"KEY\", \"value\": \"s3cret\"}]}"
        }
        return """
            {"taskDefinition": {"taskDefinitionArn": "arn:task/app:\(revision)", "family": "app", "status": "\(status)",
              "revision": \(revision), "cpu": "256", "containerDefinitions": [\(containers.joined(separator: ", "))]},
             "tags": [{"key": "team", "value": "a"}]}
            """
    }

    private func describes(_ texts: String...) {
        processes.answer(["aws", "ecs", "describe-task-definition"], texts.map { .init(stdout: $0) })
    }

    private func image(_ text: String) throws -> Value { try ImageReference(parsing: text).value }

    @Test func aTaskDefinitionIsPointedAtAnImageByANewRevision() async throws {
        describes(Self.definition(7, ["reg/app:prod-1"]))
        processes.answer(
            "aws", "ecs", "register-task-definition", with: .init(stdout: Self.definition(8, ["reg/app:prod-2"])))
        let prepared = try builtin("aws.set_task_image").prepared(
            "app", image("reg/app:prod-2"), .missing, "eu-north-1")
        let commands = try await prepared.commands(world)
        #expect(
            commands == [
                "aws ecs register-task-definition --cli-input-json file:///dev/stdin --region eu-north-1 "
                    + "# app as it is, with the image reg/app:prod-2"
            ])
        let before = try #require(try await prepared.inverses?(world))
        let (outcome, made) = try await prepared.perform(before: before, world)
        #expect(outcome().asString == "arn:task/app:8")
        #expect(made.first?.before == .named("arn:task/app:7") && made.first?.made == .named("arn:task/app:8"))
        #expect(
            made.first?.commands == [
                "aws ecs deregister-task-definition --task-definition arn:task/app:8 --region eu-north-1"
            ])
        // What only AWS may say is left out; tags go along; nothing of it stands on a command line.
        let register = try #require(processes.runs.first { $0.line.contains("register-task-definition") })
        guard case .text(let input) = register.options.input else {
            Issue.record("the definition should be given by standard input")
            return
        }
        #expect(input.contains("\"image\": \"reg/app:prod-2\"") && input.contains("\"cpu\": \"256\""))
        #expect(input.contains("\"tags\"") && !input.contains("taskDefinitionArn") && !input.contains("revision"))
        #expect(!processes.lines.joined().contains("s3cret"))
    }

    @Test func oneThatRunsTheImageStaysAsItIs() async throws {
        describes(Self.definition(7, ["reg/app:prod-1"]))
        let prepared = try builtin("aws.set_task_image").prepared("app", image("reg/app:prod-1"), .missing, .missing)
        #expect(try await prepared.commands(world).isEmpty)
        let (outcome, made) = try await prepared.perform(before: try await prepared.inverses?(world) ?? [], world)
        #expect(outcome().asString == "arn:task/app:7")
        #expect(made.allSatisfy { $0.changesNothing })
    }

    @Test func theRevisionIsRetiredToTakeItBack() async throws {
        describes(Self.definition(8, ["a"]), Self.definition(7, ["b"]))
        processes.answer("aws", "ecs", "deregister-task-definition", with: .init(stdout: "{}"))
        let inverse = Inverse(
            .taskDefinition("app", region: nil), before: .named("arn:task/app:7"), made: .named("arn:task/app:8"))
        #expect(try await inverse.perform(in: world) == .takenBack)
        #expect(processes.lines.contains("aws ecs deregister-task-definition --task-definition arn:task/app:8"))
        // Somebody else has registered another since.
        let others = FakeProcesses()
        others.answer("aws", "ecs", "describe-task-definition", with: .init(stdout: Self.definition(9, ["c"])))
        #expect(await failure { try await inverse.perform(in: .fake(processes: others)) }?.id == "changed-since")
        #expect(!others.lines.joined().contains("deregister"))
    }

    @Test func aRetiredRevisionIsPassedOver() async throws {
        describes(Self.definition(8, ["a"], status: "INACTIVE"), Self.definition(7, ["reg/app:b"]))
        processes.answer(
            "aws", "ecs", "list-task-definitions",
            with: .init(stdout: "{\"taskDefinitionArns\": [\"arn:task/app:7\", \"arn:task/app:6\"]}")
        )
        #expect(try await builtin("aws.task_image").call("app", in: world).literal == "Image(\"reg/app:b\")")
        #expect(processes.lines.last?.contains("--task-definition arn:task/app:7") == true)
    }

    @Test func ofSeveralContainersTheOneIsMeantThatIsNamedOrAlike() async throws {
        describes(Self.definition(7, ["reg/proxy:1", "reg/app:prod-1"]))
        processes.answer("aws", "ecs", "register-task-definition", with: .init(stdout: Self.definition(8, ["x"])))
        #expect(try await builtin("aws.task_image").call("app", "c0", in: world).literal == "Image(\"reg/proxy:1\")")
        #expect(await failure { try await builtin("aws.task_image").call("app", in: world) }?.id == "which-container")
        #expect(
            await failure { try await builtin("aws.task_image").call("app", "z", in: world) }?.id == "no-such-container"
        )
        _ = try await builtin("aws.set_task_image").call("app", image("reg/app:prod-2"), in: world)
        guard case .text(let input)? = processes.runs.last?.options.input else { return }
        #expect(input.contains("reg/proxy:1") && input.contains("reg/app:prod-2") && !input.contains("reg/app:prod-1"))
    }

    // MARK: S3

    private static let missing = FakeProcesses.Answer(
        exitCode: 255,
        stderr: "\nAn error occurred (NoSuchKey) when calling the GetObject operation: it does not exist.\n")

    @Test func anUploadOfWhatWasNotThereIsTakenBackByRemovingIt() async throws {
        processes.answer("aws", "s3api", "get-object", with: Self.missing)
        processes.answer("aws", "s3api", "put-object", with: .init(stdout: "{}"))
        let prepared = try builtin("aws.s3.upload").prepared("a.py", "s3://dags/x/a.py")
        let expected = "aws s3api put-object --bucket dags --key x/a.py --body a.py"
        #expect(try await prepared.commands(world) == [expected])
        let inverses = try await prepared.inverses?(world) ?? []
        #expect(inverses.first?.before == .absent)
        #expect(inverses.first?.commands == ["aws s3api delete-object --bucket dags --key x/a.py"])
        _ = try await prepared.perform(world)
        #expect(processes.lines.last == expected)
    }

    @Test func whatIsWrongIsSaid() async throws {
        #expect(await failure { try await builtin("aws.s3.list").call("http://x", in: world) }?.id == "not-an-object")
        #expect(await failure { try await builtin("aws.s3.list").call("s3://-x/y", in: world) }?.id == "not-an-object")
        processes.answer("aws", with: .init(exitCode: 253, stderr: "Unable to locate credentials. You can configure\n"))
        let error = await failure { try await builtin("aws.images").call("app", in: world) }
        #expect(error?.id == "aws-failed" && error?.help?.contains("aws configure") == true)
        #expect(error?.command?.line == "aws ecr describe-images --repository-name app --output json")
    }

    @Test func anInverseIsTheSameAfterTheLedger() {
        let subjects: [Inverse.Subject] = [
            .taskDefinition("app", region: nil), .taskDefinition("app", region: "eu-north-1"),
            .object("s3://dags/a b.py"), .pullRequest("release-1.0.0"),
        ]
        for subject in subjects { #expect(Inverse.Subject(stored: subject.stored) == subject) }
        #expect(Inverse.State(stored: Inverse.State.named("arn:x/app:7").stored) == .named("arn:x/app:7"))
        #expect(Inverse.Subject(stored: "task-definition app") == nil)
    }
}
