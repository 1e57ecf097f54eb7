import Lang

extension AWSBuiltins {
    /// Files in S3.
    static let objects: [Builtin] = [
        .reads(
            "aws.s3.list", "The addresses of all objects in S3 that begin so.",
            Parameter("url", "`s3://BUCKET/` and the beginning of their keys"),
            example: """
                > aws.s3.list("s3://team-airflow/dags/")
                ["s3://team-airflow/dags/preprod.download.py"]
                """
        ) { (world: World, url: String) in try await S3Object(url).list(in: world) },

        .reads(
            "aws.s3.same", "Whether an object in S3 holds just what a file does; false where there is no such object.",
            Parameter("path", "the file"),
            Parameter("url", "`s3://BUCKET/KEY`"),
            example: """
                > aws.s3.same("dags/a.py", "s3://team-airflow/dags/a.py")
                true
                """
        ) { (world: World, path: Path, url: String) in
            let content = try world.files.read(path.text)
            return try await S3Object(url).read(in: world) == content
        },

        .changes(
            "aws.s3.upload", "Uploads a file to S3, in place of what is there.",
            Parameter("path", "the file"),
            Parameter("url", "`s3://BUCKET/KEY`"),
            example: """
                > aws.s3.upload("dags/a.py", "s3://team-airflow/dags/a.py")
                """,
            reversals: [
                .by("aws s3 rm {url}", "where it was not there before; otherwise upload what was there")
            ],
            commands: { world, path, url in [try S3Object(url).uploadCommand(of: path)] },
            planned: { world, path, url in Nothing() },
            inverse: { world, path, url in try await Inverse.ofObject(S3Object(url), replacedBy: path, in: world) },
            repeats: .again,
            body: { (world: World, path: Path, url: String) in
                try await S3Object(url).upload(path, in: world)
                return Nothing()
            }),
    ]
}
