import Lang

/// Keeps secrets out of the ledger: all that this process has held, even those that the recipe has given out.
enum LedgerMask {
    static func hide(in text: String) -> String { SecretMask.hide(in: text) }

    /// Whether a text can be kept as it is.
    static func isClean(_ text: String) -> Bool { SecretMask.isClean(text) }

    /// Nil for content that has a secret in it.
    static func storable(_ content: [UInt8]) -> [UInt8]? {
        isClean(String(decoding: content, as: UTF8.self)) ? content : nil
    }
}
