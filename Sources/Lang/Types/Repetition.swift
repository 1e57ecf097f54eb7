/// What `relsh resume` does with a change that was under way when its run died: its beginning is in the ledger, its outcome
/// is not.
package enum Repetition: String, Sendable, CaseIterable {
    /// Made again whenever the run is resumed, even where it had come to its end: what it made may be gone by then.
    case always
    /// Made again: it looks first, or what it does twice is what it does once.
    case again
    /// Looked for: taken as made where it is there, made again where everything is as it was before.
    case compared
    /// Made again only with `--again`: nothing tells how far it came.
    case asked

    /// Whether making it twice is as good as once.
    package var isHarmless: Bool { self == .again || self == .always }

    /// As `relsh doc` says it.
    package var description: String {
        switch self {
        case .always: "it is made again, as it is whenever the run is resumed"
        case .again: "it is made again"
        case .compared: "relsh looks whether it was made, and makes it if not"
        case .asked: "nothing tells how far it came, so it is made again only with `--again`"
        }
    }
}
