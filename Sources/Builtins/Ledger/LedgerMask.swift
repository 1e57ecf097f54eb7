/// Keeps secrets out of the ledger: all that this process has held, even those that the recipe has given out.
enum LedgerMask {
    static func hide(in text: String) -> String { SecretMask.hide(in: text) }
}
