import Synchronization
import TestSupport

@testable import Builtins
@testable import Lang

/// An engine that pushes what it has to the registries of a network. Its ids are digests, as with the containerd image
/// store.
final class FakeEngine: ProcessRunner {
    private struct State {
        /// Name on this machine to id.
        var local: [String: String] = [:]
        /// Id to what is pushed.
        var layers: [String: [[UInt8]]] = [:]
        var lines: [String] = []
        /// What happens while an image is pulled.
        var pulls: [String: @Sendable () -> Void] = [:]
    }

    private let network: FakeNetwork
    private let state = Mutex(State())

    init(_ network: FakeNetwork) { self.network = network }

    var local: [String: String] { state.withLock { $0.local } }
    /// The commands that change something.
    var lines: [String] { state.withLock { $0.lines } }

    /// Builds an image of these layers, and gives its id.
    func build(_ name: String, _ layers: [[UInt8]]) -> Digest {
        var scratch = FakeRegistry()
        let id = scratch.add("x", tag: nil, layers: layers)
        state.withLock { state in
            state.local[name] = id.description
            state.layers[id.description] = layers
        }
        return id
    }

    /// Lets an image have another id than the digest that it is known by elsewhere.
    func name(_ name: String, _ id: String) {
        state.withLock { state in
            state.local[name] = id
            state.layers[String(name.drop { $0 != "@" }.dropFirst())] = nil
        }
    }

    func whenPulling(_ name: String, _ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.pulls[name] = body }
    }

    func run(_ stages: [ProcessRequest], _ options: ProcessOptions) async throws -> ProcessOutcome {
        let words = Array(stages[0].arguments.dropFirst())
        let name = words.last ?? ""
        if !words.contains("inspect") { state.withLock { $0.lines.append(stages[0].line) } }
        switch words.first {
        case "image":
            let id = state.withLock { $0.layers[name] == nil ? $0.local[name] : name }
            return id.map { outcome(0, $0) } ?? outcome(1, "No such image: \(name)")
        case "tag":
            state.withLock { $0.local[name] = $0.layers[words[1]] == nil ? $0.local[words[1]] : words[1] }
            return outcome(0, "")
        case "rmi":
            state.withLock { $0.local[name] = nil }
            return outcome(0, "")
        case "push": return try await push(name)
        case "pull":
            state.withLock { $0.pulls[name] }?()
            return outcome(0, "")
        default: return outcome(1, "the fake does not know \(words)")
        }
    }

    private func push(_ name: String) async throws -> ProcessOutcome {
        let image = try ImageReference(parsing: name)
        let found = state.withLock { state in state.local[name].flatMap { id in state.layers[id].map { (id, $0) } } }
        guard let (id, layers) = found else { return outcome(1, "An image does not exist locally: \(name)") }
        let url = try RegistryEndpoint(image.registry).url(image.repository, "manifests/\(image.tag ?? "")")
        do {
            // A question first, so that a registry that fails does so for pushes too.
            _ = try await network.send(HTTPRequest("PUSH", url))
        } catch {
            return outcome(1, "failed to do request: dial tcp: connection refused")
        }
        network.registry(url.authority) { _ = $0.add(image.repository, tag: image.tag, layers: layers) }
        return outcome(0, "x: digest: \(id) size: 1")
    }

    private func outcome(_ code: Int, _ text: String) -> ProcessOutcome {
        ProcessOutcome(
            exitCode: code, stdout: code == 0 ? text : "", stderr: code == 0 ? "" : text, combined: text,
            duration: .zero, failedStage: nil)
    }
}
