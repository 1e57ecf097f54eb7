import Lang

extension DockerBuiltins {
    /// What goes into images, and what is brought out of them.
    static let files: [Builtin] = [
        .reads(
            "docker.context_items",
            "What a build would be sent: each file and directory at the top of its context with its `size`, the largest first; "
                + "what the ignore file keeps out is not counted.",
            Parameter("context", "the directory that the Dockerfile can copy from"),
            Parameter("file", "the Dockerfile; a FILE.dockerignore beside it says what stays out"),
            example: """
                > docker.context_items(".", "prod.Dockerfile").filter(fn(item) => item.size > 200MB)
                [{name: "data", size: 1500MB}]
                """
        ) { (world: World, context: Path, file: Path) -> [ContextItem] in
            try BuildContext(context, dockerfile: file, in: world).items().map(ContextItem.init)
        },

        .changes(
            "docker.copy_out", "Brings a file of an image to this machine; the image need not be able to run.",
            Parameter("image", "the image; one from docker.build is addressed by its id"),
            Parameter("source", "the file in the image, such as `/install/pip_list.txt`"),
            Parameter("target", "the file to write; its directory must exist"),
            example: """
                > docker.copy_out("app:dev", "/install/pip_list.txt", "pip_list.txt")
                """,
            reversals: [
                .by("git restore {target}", "where git has the file, and what it held is larger than relsh keeps")
            ],
            commands: { world, image, source, target in
                try await ImageFile(image: image, source: source, target: target).commands(in: world)
            },
            planned: { world, image, source, target in Nothing() },
            requires: { image, _, _ in [.image(image)] },
            inverse: { world, image, source, target in
                // As `cp` does: into a directory, under its own name.
                let isDirectory = world.files.status(target.text)?.isDirectory ?? false
                return Inverse.ofFile(isDirectory ? target.joined(Path(source).name) : target, in: world)
            },
            repeats: .again,
            body: { (world: World, image: ImageReference, source: String, target: Path) in
                try await ImageFile(image: image, source: source, target: target).perform(in: world)
                return Nothing()
            }),
    ]
}

/// A row of `docker.context_items`.
struct ContextItem: Bridged, Sendable {
    let name: String
    let size: Size

    static var valueType: ValueType { .map(.any) }
    /// Items are only given out.
    static func from(_ value: Value) -> ContextItem? { nil }
    var value: Value { .map(OrderedMap([("name", name.value), ("size", size.value)])) }
}
