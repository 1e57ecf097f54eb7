import Lang

/// A file of an image, to be brought to this machine: through a container that is made for it and never runs.
struct ImageFile: Sendable {
    let image: ImageReference
    /// Absolute, in the image.
    let source: String
    let target: Path

    /// What a person would type.
    func commands(in world: World) async throws -> [String] {
        let name = "relsh-copy"
        return [
            Docker.line(creation(name, address: try await Docker.address(of: image, in: world))),
            Docker.line(copy(name)), Docker.line(removal(name)),
        ]
    }

    func perform(in world: World) async throws {
        // As containers of docker.run are called, so that one that a relsh that died has left goes with those.
        let name = UniqueName.next("run")
        let address = try await Docker.address(of: image, in: world)
        try await Docker.run(creation(name, address: address), to: "look into \(image.familiar)", in: world)
        let copied: Result<ProcessOutcome, any Error>
        do {
            let purpose = "copy \(source) out of \(image.familiar)"
            copied = .success(try await Docker.run(copy(name), to: purpose, in: world))
        } catch {
            copied = .failure(error)
        }
        // In a task of its own: being cancelled is a reason to tidy up, not to leave it.
        await Task { _ = try? await Docker.run(removal(name), to: "remove \(name)", in: world, check: false) }.value
        _ = try copied.get()
    }

    /// An image without a command needs one, which is never run.
    private func creation(_ name: String, address: String) -> [String] { ["create", "--name", name, address, "true"] }
    private func copy(_ name: String) -> [String] { ["cp", "--follow-link", "\(name):\(source)", target.text] }
    private func removal(_ name: String) -> [String] { ["rm", "--force", "--volumes", name] }
}
