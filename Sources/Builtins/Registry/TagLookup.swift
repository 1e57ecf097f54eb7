package import Lang

/// Looking tags up for a person who types.
package enum TagLookup {
    /// The tags of an image's repository, in the order the registry gives them.
    /// - Throws: `RuntimeError` where the registry cannot be asked.
    package static func tags(of image: ImageReference, in world: World) async throws -> [String] {
        try await RegistryClient(world: world).tags(of: image)
    }
}
