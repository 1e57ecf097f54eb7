import Testing

extension EndToEnd {
    @Suite("From a candidate to prod: ECS and S3")
    struct ProdFlows {
        private static let bucket = "airflow"
        private static let path = "s3://airflow/dags/"

        /// A project whose dev image is out, with two DAGs and the task definitions of its stages.
        private func project(_ cloud: Cloud) async throws -> SampleProject {
            let project = try await SampleProject()
            try await project.relsh("docker_release_dev_image", "--skip-tests").expect(0)
            try await Host.run("mkdir", "-p", project.directory + "/airflow/dags")
            try await project.commit(
                "Add DAGs",
                [
                    ".gitignore": ".relsh\n", "airflow/dags/preprod.a.py": "print('a')\n",
                    "airflow/dags/preprod.b.py": "print('b')\n", "airflow/dags/other.py": "print('c')\n",
                ])
            for family in ["hello-service", "hello-service-preprod", "hello-test"] {
                try await cloud.register(family, running: "\(project.home):old")
            }
            try await cloud.aws(
                "s3api", "create-bucket", "--bucket", Self.bucket, "--create-bucket-configuration",
                "LocationConstraint=eu-north-1")
            return project
        }

        @Test("A candidate goes to test, preprod and prod; a failure on the way to prod puts everything back")
        func candidateToProd() async throws {
            let cloud = try await Cloud()
            let project = try await project(cloud)
            func relsh(_ words: String...) async throws -> Finished {
                try await project.start(words, environment: cloud.environment).wait()
            }
            let hash = try await project.git("rev-parse", "--short", "HEAD")

            // Test, from any state of the client.
            try writeFile(project.directory + "/hello/new.py", "")
            try await relsh(
                "docker_release_test_task_definition", "--task-definition", "hello-test", "--user-tag", "ada"
            )
            .expect(0, "prod-ada-\(hash)")
            #expect(
                try await cloud.running("hello-test") == .init(image: "\(project.home):prod-ada-\(hash)", revision: 2))
            #expect(try await project.published()["ecr"]?["prod-ada-\(hash)"] != nil)

            // Preprod, from a clean main branch alone.
            try await relsh("docker_release_preprod_task_definition").expect(1, "from a clean master")
            try await Host.run("rm", project.directory + "/hello/new.py")
            try await project.git("checkout", "-q", "-b", "topic")
            try await relsh("docker_release_preprod_task_definition").expect(1, "must be released from master")
            try await project.git("checkout", "-q", "master")
            try await relsh("docker_release_preprod_task_definition").expect(0)
            let candidate = "prod-\(hash)"
            #expect(try await cloud.running("hello-service-preprod").image == "\(project.home):\(candidate)")

            // Prod. What has not run on preprod is refused, and nothing has moved.
            let update = [
                "docker_update_prod_task_definition", "--version", "1.0.1", "--airflow-dags-s3-path", Self.path,
            ]
            func promote(_ tag: String) async throws -> Finished {
                try await project.start(update + ["--preprod-tag", tag], environment: cloud.environment).wait()
            }
            try await cloud.put("print('a')\n", at: "dags/preprod.a.py", in: Self.bucket)
            try await promote(candidate).expect(1, "out of sync", "preprod.b.py").expectNot("preprod.a.py, ")
            try await cloud.put("print('b')\n", at: "dags/preprod.b.py", in: Self.bucket)
            try await promote("prod-0000000").expect(1, "hello-service-preprod runs", candidate)
            #expect(try await project.published().values.allSatisfy { $0["prod"] == nil })

            // The upload of the second DAG fails: a tag of prod is gone, the task definition and the first DAG are as before.
            try await cloud.put("old", at: "dags/prod.a.py", in: Self.bucket)
            let before = try await cloud.objects(in: Self.bucket)
            let broken = try await failingAWS(cloud, "prod.b.py")
            try await project.start(update + ["--preprod-tag", candidate], environment: broken).wait().expect(
                1, "prod.b.py")
            #expect(try await cloud.objects(in: Self.bucket) == before)
            #expect(try await cloud.running("hello-service") == .init(image: "\(project.home):old", revision: 1))
            #expect(try await project.published()["ecr"]?["prod"] == nil)

            try await promote(candidate).expect(0)
            try await project.expectEverywhere(["prod-1.0.1": "prod"])
            let published = try await project.published()["ecr"] ?? [:]
            #expect(published["prod"] == published[candidate], "prod is what preprod ran")
            #expect(try await cloud.running("hello-service").image == "\(project.home):prod-1.0.1")
            let objects = try await cloud.objects(in: Self.bucket)
            #expect(objects["dags/prod.a.py"] == "print('a')" && objects["dags/prod.b.py"] == "print('b')")
            #expect(objects["dags/prod.other.py"] == nil)

            // And all of it can be taken back later.
            let number = try await relsh("runs").stdout.dropFirst().prefix { $0.isNumber }
            try await relsh("undo", String(number)).expect(
                0, "s3://airflow/dags/prod.b.py", "task definition hello-service")
            #expect(try await cloud.objects(in: Self.bucket) == before)
            #expect(try await cloud.running("hello-service").image == "\(project.home):old")
        }

        /// An aws that fails where a word of its command ends so.
        private func failingAWS(_ cloud: Cloud, _ ending: String) async throws -> [String: String] {
            let folder = TemporaryFiles.newDirectory("bin")
            let real = (cloud.environment["PATH"] ?? "").split(separator: ":").first.map { "\($0)/aws" } ?? ""
            try writeFile(
                folder + "/aws",
                """
                #!/bin/sh
                case "$*" in *put-object*\(ending)*) echo "An error occurred (AccessDenied) when calling PutObject: no" >&2; exit 254;; esac
                exec \(real) "$@"
                """)
            try await Host.run("chmod", "+x", folder + "/aws")
            return cloud.environment.merging(["PATH": "\(folder):\(cloud.environment["PATH"] ?? "")"]) { $1 }
        }

        @Test("One task definition takes over the image of another, in its own region")
        func copy() async throws {
            let cloud = try await Cloud()
            let registry = "123456789012.dkr.ecr.eu-north-1.amazonaws.com/team/app:prod-1"
            let directory = TemporaryFiles.newDirectory("copy")
            try writeFile(directory + "/relsh.toml", "name = \"app\"\n[registries.ecr]\nbase = \"127.0.0.1:1/team\"\n")
            try await cloud.register("source", running: registry)
            try await cloud.aws(
                "ecs", "register-task-definition", "--region", "ap-northeast-1", "--family", "target",
                "--container-definitions", "[{\"name\": \"app\", \"image\": \"old\", \"memory\": 128}]")
            let words = ["copy_ecs_task_definition_image_url", "--src-task-def", "source", "--dst-task-def", "target"]
            let environment = Host.clean.merging(cloud.environment) { $1 }
            try await Host.relsh(words + ["--region", "ap-northeast-1"], in: directory, environment: environment)
                .expect(0)
            let image = try await cloud.aws(
                "ecs", "describe-task-definition", "--region", "ap-northeast-1", "--task-definition", "target",
                "--query",
                "taskDefinition.containerDefinitions[0].image", "--output", "text")
            try await cloud.aws("ecr", "create-repository", "--repository-name", "team/app")
            let manifest =
                "{\"schemaVersion\": 2, \"config\": {\"digest\": \"sha256:\(String(repeating: "a", count: 64))\"}, \"layers\": []}"
            try await cloud.aws(
                "ecr", "put-image", "--repository-name", "team/app", "--image-tag", "prod-1", "--image-manifest",
                manifest, "--image-manifest-media-type",
                "application/vnd.docker.distribution.manifest.v2+json")
            let program = "print(aws.images(\"team/app\").map(fn(i) => [i.tags, i.digest != null]))"
            #expect(
                try await Host.relsh("-e", program, in: directory, environment: environment).value
                    == "[[[\"prod-1\"], true]]")
            #expect(image == "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/team/app:prod-1")
        }

        @Test("A workspace with large items makes no candidate, unless the ignore file keeps them out")
        func largeItems() async throws {
            let project = try await SampleProject()
            try await project.relsh("docker_release_dev_image", "--skip-tests").expect(0)
            try await Host.run("truncate", "--size", "201MB", project.directory + "/hello/data.bin")
            try await project.relsh("docker_create_candidate_image").expect(
                1, "hello (201 MB)", "over 200 MB", "ignore file")
            try await Host.run("rm", project.directory + "/hello/data.bin")
            try await Host.run("truncate", "--size", "201MB", project.directory + "/data.bin")
            let hash = try await project.git("rev-parse", "--short", "HEAD")
            let made = try await project.relsh("docker_create_candidate_image").expect(0)
            #expect(made.stdout == "prod-\(hash)\n")
            #expect(try await project.published()["ecr"]?["prod-\(hash)"] != nil)
            try await project.relsh("docker_push_prod_candidate_image", "--candidate", hash).expect(0)
        }
    }
}
