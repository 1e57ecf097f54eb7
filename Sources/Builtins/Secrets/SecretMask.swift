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
        search(\.all)?.hide(in: text, as: Secret.mask, parts: .besideCuts) ?? text
    }

    /// Whether there is none in it: what is kept, to be used again, must be whole.
    package static func isClean(_ text: String) -> Bool { search(\.all)?.ranges(in: Array(text.utf8)).isEmpty ?? true }

    /// What a recipe prints: `.reveal()` has given some out for all to see.
    package static func hide(inPrinted text: String) -> String {
        search(\.printed)?.hide(in: text, as: Secret.mask, parts: .besideCuts) ?? text
    }

    /// Errors quote the part of a text that they are about, which may be a part of a secret.
    package static func hide(in error: RuntimeError) -> RuntimeError {
        guard let search = search(\.all) else { return error }
        func hidden(_ text: String) -> String {
            search.hide(in: text, as: Secret.mask, parts: [.besideCuts, .inQuotes])
        }
        var masked = error
        masked.message = hidden(error.message)
        masked.help = error.help.map(hidden)
        masked.command = error.command.map {
            .init(line: hide(in: $0.line), exitCode: $0.exitCode, output: hide(in: $0.output))
        }
        return masked
    }

    /// A part of a longer text, for an error that is about it: what of it belongs to a secret is hidden, although that does not
    /// stand in it as a whole.
    static func excerpt(of bytes: [UInt8], _ part: Range<Int>) -> String {
        guard let search = search(\.all) else { return String(decoding: bytes[part], as: UTF8.self) }
        var result: [UInt8] = []
        var position = part.lowerBound
        for hidden in SecretSearch.merged(search.ranges(in: bytes)) where hidden.overlaps(part) {
            result += bytes[position..<max(position, hidden.lowerBound)]
            result += Secret.mask.utf8
            position = min(hidden.upperBound, part.upperBound)
        }
        return String(decoding: result + bytes[position..<part.upperBound], as: UTF8.self)
    }
}
