package import Lang
import Synchronization

/// Hides the secrets that this process has held, in whatever is shown or written down: as they are, and in the forms they travel in.
package enum SecretMask {
    private struct Compiled {
        /// What they were compiled from.
        var known: KnownSecrets?
        var version = 0
        var all = SecretSearch([])
        /// Without those that the recipe has given out itself.
        var printed = SecretSearch([])
    }

    private static let compiled = Mutex(Compiled())

    private static func search(_ which: any KeyPath<Compiled, SecretSearch> & Sendable) -> SecretSearch? {
        let known = KnownSecrets.current
        let version = known.version
        if version == 0 { return nil }
        return compiled.withLock { compiled in
            if compiled.version != version || compiled.known !== known {
                let (all, revealed) = known.all
                compiled.known = known
                compiled.all = SecretSearch(SecretForms.of(all))
                compiled.printed =
                    revealed.isEmpty ? compiled.all : SecretSearch(SecretForms.of(all.subtracting(revealed)))
                compiled.version = version
            }
            return compiled[keyPath: which]
        }
    }

    package static func hide(in text: String) -> String {
        search(\.all)?.hide(in: text, as: Secret.mask) ?? text
    }

    /// What a recipe prints: `.reveal()` has given some out for all to see.
    package static func hide(inPrinted text: String) -> String {
        search(\.printed)?.hide(in: text, as: Secret.mask) ?? text
    }

    package static func hide(in error: RuntimeError) -> RuntimeError {
        if KnownSecrets.current.version == 0 { return error }
        var hidden = error
        hidden.message = hide(in: error.message)
        hidden.help = error.help.map(hide(in:))
        hidden.command = error.command.map {
            .init(line: hide(in: $0.line), exitCode: $0.exitCode, output: hide(in: $0.output))
        }
        return hidden
    }
}
