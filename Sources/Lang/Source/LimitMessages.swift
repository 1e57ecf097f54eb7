// What is said where there are more findings than are shown.

extension Message {
    /// `count` is nil where what follows was not looked at.
    static func moreFindings(_ count: Int?) -> Message {
        guard let count else {
            return Message("what follows is not read, because there are too many mistakes before it")
        }
        return Message("and \(count) more finding\(count == 1 ? "" : "s"), of which this is the first")
    }
}
