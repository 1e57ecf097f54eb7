package import Lang

/// Amazon's ECS, S3 and ECR, through the aws command.
package enum AWSBuiltins {
    package static let all: [Builtin] = tasks + objects

    private static let tasks: [Builtin] = [
        .reads(
            "aws.task_image", "The image that the newest revision of an ECS task definition runs.",
            Parameter("task_definition", "its family, such as `hello-prod`"),
            Parameter("container", "which of its containers, where it has several", default: String?.none),
            Parameter("region", "such as `eu-north-1`; aws's own choice where none is given", default: String?.none),
            example: """
                > aws.task_image("hello-preprod").tag
                "prod-3f2a9c1"
                """
        ) { (world: World, family: String, container: String?, region: String?) in
            try await TaskDefinition(family, region: region, in: world).image(of: container)
        },

        .changes(
            "aws.set_task_image",
            "Points an ECS task definition at another image by a new revision, whose ARN it gives. One that runs the image "
                + "already stays as it is.",
            Parameter("task_definition", "its family, such as `hello-prod`"),
            Parameter("image", "the image to run"),
            Parameter(
                "container",
                "which of its containers; where it has several, the one that has an image of this repository",
                default: String?.none),
            Parameter("region", "such as `eu-north-1`; aws's own choice where none is given", default: String?.none),
            example: """
                > aws.set_task_image("hello-prod", project.image("prod-1.2.0"))
                "arn:aws:ecs:eu-north-1:123456789012:task-definition/hello-prod:8"
                """,
            reversals: [
                .by(
                    "aws ecs deregister-task-definition --task-definition ARN",
                    "ARN is that of the new revision: {task_definition} then stands for the former one")
            ],
            commands: { world, family, image, container, region in
                let definition = try await TaskDefinition(family, region: region, in: world)
                return try definition.uses(image, in: container) ? [] : definition.commands(setting: image)
            },
            inverse: { world, family, image, container, region in
                [try await .ofTaskDefinition(family, region: region, in: world)]
            },
            made: { inverses, arn in inverses.made(.named(arn)) },
            repeats: .compared,
            found: { world, inverses, family, image, container, region in
                let definition = try await TaskDefinition(family, region: region, in: world)
                let isAnother = inverses.first?.before != .named(definition.arn)
                return try isAnother && definition.uses(image, in: container) ? definition.arn : nil
            },
            body: {
                (world: World, family: String, image: ImageReference, container: String?, region: String?) -> String in
                let definition = try await TaskDefinition(family, region: region, in: world)
                if try definition.uses(image, in: container) { return definition.arn }
                return try await definition.register(image, in: container, in: world)
            }),

        .reads(
            "aws.images", "What ECR says of a repository's images, each with `tags`, `digest` and `pushed`.",
            Parameter("repository", "its name, without the registry"),
            Parameter("region", "such as `eu-north-1`; aws's own choice where none is given", default: String?.none),
            example: """
                > aws.images("hello-service").filter(fn(i) => "prod" in i.tags).len()
                1
                """
        ) { (world: World, repository: String, region: String?) -> [ECRImage] in
            let words = ["ecr", "describe-images", "--repository-name", repository] + AWS.regionWords(region)
            let answer = try await AWS.json(words, to: "list the images of \(repository)", in: world)
            return (answer["imageDetails"]?.list ?? []).map(ECRImage.init)
        },
    ]
}

/// A row of `aws.images`.
struct ECRImage: Bridged, Sendable {
    let tags: [String]
    let digest: String?
    /// As aws tells it: seconds since 1970, or a date.
    let pushed: JSON

    init(_ json: JSON) {
        tags = (json["imageTags"]?.list ?? []).compactMap(\.text)
        digest = json["imageDigest"]?.text
        pushed = json["imagePushedAt"] ?? .null
    }

    static var valueType: ValueType { .map(.any) }
    /// Rows are only given out.
    static func from(_ value: Value) -> ECRImage? { nil }
    var value: Value {
        .map(
            OrderedMap([
                ("tags", tags.value), ("digest", digest.flatMap { try? Digest(parsing: $0) }.value),
                ("pushed", pushed.value),
            ]))
    }
}
