import Lang
import Synchronization

/// Keeps secrets out of the ledger: all that this process has held, as they are and in the forms they travel in.
enum LedgerMask {
    private static let forms = Mutex<(count: Int, texts: [String])>((0, []))

    static func hide(in text: String) -> String {
        let count = KnownSecrets.count
        if count == 0 { return text }
        let texts = forms.withLock { forms in
            if forms.count != count { forms = (count, SecretForms.of(KnownSecrets.all)) }
            return forms.texts
        }
        return texts.reduce(text) { $0.replacingBytes(of: $1, with: Secret.mask) }
    }
}
