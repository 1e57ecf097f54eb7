package import Lang

/// Copying images from registry to registry.
package enum CopyBuiltins {
    package static let all: [Builtin] = [
        .changes(
            "registry.copy",
            "Copies an image to other names, in any registries, without a docker engine: every platform, byte for byte, "
                + "each part read once. What a target has is not sent again.",
            Parameter("source", "an image in a registry"),
            Parameter("to", "the names it gets; each with a tag"),
            platform, platforms,
            example: """
                > registry.copy(Image("127.0.0.1:5001/team/app:dev"), to: [Image("127.0.0.1:5002/team/app:dev")])
                Digest("sha256:6b1e…")
                """,
            reversals: [RegistryBuiltins.byRetagging("NAME:TAG")],
            commands: { world, source, targets, platform, platforms in
                try RegistryCopy(source, targets, platform, platforms).lines()
            },
            requires: { source, _, _, _ in [.remoteImage(source)] },
            inverse: { world, source, targets, platform, platforms in
                let copy = try RegistryCopy(source, targets, platform, platforms)
                return try await Inverse.ofRemoteTags(targets, meant: try await copy.known(in: world), in: world)
            },
            made: { inverses, digest in inverses.made(.image(digest)) },
            repeats: .again,
            body: {
                (
                    world: World, source: ImageReference, targets: [ImageReference], platform: String?,
                    platforms: [String]
                ) -> Digest in
                try await RegistryCopy(source, targets, platform, platforms).perform(in: world)
            }),

        .changes(
            "registry.mirror",
            "Copies an image under its own name and tag to several registries at once, as registry.copy does.",
            Parameter("image", "an image in a registry, with its tag"),
            Parameter("to", "the registries, such as project.registries.all()"),
            platform, platforms,
            example: """
                > registry.mirror(Image("127.0.0.1:5001/team/app:dev"), to: project.registries.all())
                Digest("sha256:6b1e…")
                """,
            reversals: [RegistryBuiltins.byRetagging("NAME:TAG")],
            commands: { world, image, registries, platform, platforms in
                try RegistryCopy(image, RegistryCopy.places(image, registries), platform, platforms).lines()
            },
            requires: { image, _, _, _ in [.remoteImage(image)] },
            inverse: { world, image, registries, platform, platforms in
                let copy = try RegistryCopy(image, RegistryCopy.places(image, registries), platform, platforms)
                return try await Inverse.ofRemoteTags(copy.targets, meant: try await copy.known(in: world), in: world)
            },
            made: { inverses, digest in inverses.made(.image(digest)) },
            repeats: .again,
            body: {
                (world: World, image: ImageReference, registries: [Registry], platform: String?, platforms: [String])
                    -> Digest in
                let places = try RegistryCopy.places(image, registries)
                return try await RegistryCopy(image, places, platform, platforms).perform(in: world)
            }),

        .changes(
            "registry.preload",
            "Brings the layers of an image to registries ahead of registry.publish, which then has little left to do: while "
                + "tests run, for example. No tag and no manifest names them there until then.",
            Parameter("image", "an image in a registry"),
            Parameter("to", "the registries that it will be published to"),
            example: """
                > registry.preload(Image("127.0.0.1:5001/team/app:local-me-1.2.0"), to: project.registries.all())
                """,
            reversals: [.never("registries keep what nothing names until they clean up")],
            commands: { world, image, registries in [try Preload(image, registries).line] },
            planned: { world, image, registries in Nothing() },
            requires: { image, _ in [.remoteImage(image)] },
            repeats: .again,
            body: { (world: World, image: ImageReference, registries: [Registry]) -> Nothing in
                try await Preload(image, registries).perform(in: world)
                return Nothing()
            }),
    ]

    private static let platform = Parameter<String?>(
        "platform", "copy the image of this platform alone, such as linux/arm64", default: nil)
    private static let platforms = Parameter<[String]>(
        "platforms", "copy the images of these platforms, with what attests to them, under an index of their own",
        default: [])
}
