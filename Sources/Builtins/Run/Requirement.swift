package import Lang

/// Something that a change needs to find, as data: a dry run looks for it and fails where it is not there, unless what was planned
/// before may make it.
package enum Requirement: Sendable, Hashable {
    /// An image on this machine.
    case localImage(ImageReference)
    /// An image on this machine, or in its registry.
    case image(ImageReference)
    /// An image in its registry.
    case remoteImage(ImageReference)
    /// A file to read.
    case file(Path)
    /// A place for a file: no directory.
    case placeForFile(Path)
    /// A place for a directory: no file.
    case placeForDirectory(Path)
    /// A branch or a tag of this repository.
    case gitRef(String)
    /// A name that no branch has.
    case newBranch(String)
    /// A program, with what it is started with, and where.
    case program(ProcessRequest, directory: String?)

    /// - Throws: where it is not there, as the change itself would.
    func check(in world: World) async throws {
        switch self {
        case .localImage(let image): _ = try await Docker.knownID(of: image, in: world)
        case .image(let image):
            if try await Docker.seenID(of: image, in: world) != nil { return }
            let named = image.digest == nil ? image : try image.with(tag: nil)
            if try await RegistryClient(world: world).digest(of: named) == nil {
                throw RuntimeError(.world, .noContent(image.familiar))
            }
        case .remoteImage(let image):
            if try await RegistryClient(world: world).digest(of: image) == nil {
                throw RuntimeError(.world, .noSuchRemoteImage(image.familiar))
            }
        case .file(let path):
            if world.files.status(path.text) == nil {
                throw RuntimeError(
                    .world,
                    .fileNotRead(path.text, "no such file or directory", help: "check the path with `files.exists`"))
            }
        case .placeForFile(let path):
            if world.files.status(path.text)?.isDirectory == true {
                throw RuntimeError(
                    .world, .fileNotWritten(path.text, "it is a directory", help: "name a file in it"))
            }
        case .placeForDirectory(let path): try Self.checkPlace(path, in: world)
        case .gitRef(let ref):
            if try await !Git.has(ref, in: world) { throw RuntimeError(.world, .noSuchGitRef(ref)) }
        case .newBranch(let name):
            if try await Git.has("refs/heads/\(name)", in: world) { throw RuntimeError(.world, .branchExists(name)) }
        case .program(let request, let directory): try world.processes.check(request, directory: directory)
        }
    }

    /// The path itself, and what it is in, may be missing; what is there must be a directory.
    private static func checkPlace(_ path: Path, in world: World) throws {
        var place = path
        while world.files.status(place.text) == nil, place.text != "/", place.text != "." { place = place.parent }
        guard let status = world.files.status(place.text), !status.isDirectory else { return }
        throw RuntimeError(
            .world,
            .directoryNotCreated(
                path.text, "there is a file of the name \(place.text)", help: "remove it, or choose another"))
    }
}

extension Git {
    /// Whether a branch, a tag or another ref has that name.
    fileprivate static func has(_ ref: String, in world: World) async throws -> Bool {
        let words = ["rev-parse", "--verify", "--quiet", "\(try checked(ref))^{commit}"]
        return try await run(words, to: "look up \(ref)", in: world, check: false).exitCode == 0
    }
}
