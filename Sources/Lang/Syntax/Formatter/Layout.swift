/// A file as a line of items that knows where it may be broken. `LayoutPrinter` decides where it is.
///
/// Items stand in groups, as brackets do in each other. The breaks of a group are taken all together: either none of
/// them is (the group is flat), or all are.
struct Layout {
    enum Item {
        case text(SourceRange)
        case sign(StaticString)
        case multiline(MultilineText)
        /// A blank, unless a line begins or ends there.
        case space
        /// A break of a group; where the group is flat it is a blank or nothing.
        case `break`(Int, blank: Bool)
        /// The comma behind the last element of a group, written only where the group is broken.
        case trailingComma(Int)
        case newline
        case blankLine
        /// Behind a comment a line ends.
        case comment(SourceRange)
        /// One level deeper; with a group only where that is broken.
        case indent(Int?)
        case dedent(Int?)
        case begin(Int)
        case end(Int)
    }

    struct Group {
        var kind = Kind.plain
        /// Something in it needs a line of its own.
        var isForced = false
        /// The same for its last element, which may be broken while the group itself stays on one line.
        var isTailForced = false
        /// The item where the last element begins; only where that may be broken alone.
        var tail: Int?
        /// True while items of the last element are added.
        var isInTail = false

        enum Kind {
            case plain
            /// Its first break is where a line may end although it began with something around it: `f(x, fn() {⏎`.
            case body
        }
    }

    private(set) var items: [Item] = []
    private(set) var groups: [Group] = []
    private var open: [Int] = []

    mutating func add(_ item: Item) {
        items.append(item)
        switch item {
        case .newline, .blankLine, .comment: force()
        default: break
        }
    }

    /// Breaks the groups that are open here.
    mutating func force() {
        guard let innermost = open.last else { return }
        force(innermost)
    }

    private mutating func force(_ group: Int) {
        if groups[group].isInTail { groups[group].isTailForced = true } else { groups[group].isForced = true }
    }

    @discardableResult
    mutating func begin(_ kind: Group.Kind = .plain) -> Int {
        groups.append(Group(kind: kind))
        open.append(groups.count - 1)
        items.append(.begin(groups.count - 1))
        return groups.count - 1
    }

    mutating func end() {
        guard let group = open.popLast() else { return }
        items.append(.end(group))
        if groups[group].isForced || groups[group].isTailForced { force() }
    }

    /// What follows is the last element of the innermost group, which may be broken while the group is not.
    mutating func beginTail() {
        guard let group = open.last else { return }
        groups[group].tail = items.count
        groups[group].isInTail = true
    }

    mutating func endTail() {
        guard let group = open.last else { return }
        groups[group].isInTail = false
    }
}
