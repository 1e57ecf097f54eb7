/// A mistake in the text, thrown up to where parsing can go on. A class, so that it takes one word in the frame of each
/// function that can throw it: the parser is deeply recursive.
final class SyntaxError: Error {
    let message: Message
    let range: SourceRange
    /// A place that explains the mistake.
    let note: Note?
    /// A string or `${` runs to the end of its line, so that nothing behind it can be trusted.
    let isUnclosed: Bool

    struct Note {
        let text: String
        let range: SourceRange
    }

    init(_ message: Message, _ range: SourceRange, note: Note? = nil, isUnclosed: Bool = false) {
        self.message = message
        self.range = range
        self.note = note
        self.isUnclosed = isUnclosed
    }
}
