/// Where the names of a file are given new values, found by one walk before the checker begins.
///
/// The checker asks what a loop or a `try` may change before it has looked inside, and what a `var` may hold at all.
/// Names are compared as text: one that is declared again elsewhere only makes the answers more careful.
struct Assignments {
    struct Change {
        let position: Int
        let name: String
        let kind: Kind
        var isPart: Bool { if case .part = kind { true } else { false } }
    }

    enum Kind {
        /// `name = value`
        case value(Expression)
        /// `name += value`
        case compound(BinaryOperator)
        /// `name.append(…)`, `name[i] = …`: a part of it.
        case part
    }

    /// In the order of the file.
    private(set) var changes: [Change] = []
    /// Positions in `changes`, by name.
    private var byName: [String: [Int]] = [:]
    /// Names assigned in a `defer`, which runs later than it stands.
    private(set) var deferred: Set<String> = []

    init(_ tree: FileTree, mutatingNames: Set<String>) {
        var walk = Walk(mutatingNames: mutatingNames)
        walk.visit(tree.body)
        changes = walk.changes.sorted { $0.position < $1.position }
        deferred = walk.deferred
        for (index, change) in changes.enumerated() { byName[change.name, default: []].append(index) }
    }

    /// The changes of a name inside a range.
    func changes(of name: String, in range: SourceRange) -> some Sequence<Change> {
        let indices = byName[name] ?? []
        let first = lowerBound(indices.count) { changes[indices[$0]].position < range.start }
        return indices[first...].lazy.map { changes[$0] }.prefix { $0.position < range.end }
    }

    /// True where a name is changed inside a range.
    func areThere(of name: String, in range: SourceRange) -> Bool {
        changes(of: name, in: range).contains { _ in true }
    }

    /// The names changed inside a range.
    func names(in range: SourceRange) -> Set<String> {
        var index = lowerBound(changes.count) { changes[$0].position < range.start }
        var names: Set<String> = []
        while index < changes.count, changes[index].position < range.end {
            names.insert(changes[index].name)
            index += 1
        }
        return names
    }

    private func lowerBound(_ count: Int, _ isBefore: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension FileTree {
    /// The names that its expressions mention, with where they stand.
    var mentionedNames: [Name] {
        var walk = Walk(mutatingNames: [])
        walk.uses = []
        walk.visit(body)
        return (walk.uses ?? []).sorted { $0.range.start < $1.range.start }
    }
}

private struct Walk {
    let mutatingNames: Set<String>
    var changes: [Assignments.Change] = []
    var deferred: Set<String> = []
    /// The names that expressions mention, in the order of the file; nil where nobody wants them.
    var uses: [Name]?

    mutating func visit(_ block: Block) {
        for statement in block.statements { visit(statement) }
    }

    private mutating func visit(_ statement: Statement) {
        switch statement.kind {
        case .expression(let expression), .fail(let expression): visit(expression)
        case .declaration(let declaration): visit(declaration.value)
        case .function(let declaration): visit(declaration.function)
        case .recipe(let declaration):
            for case .parameter(let parameter) in declaration.items { parameter.defaultValue.map { visit($0) } }
            visit(declaration.body)
        case .assignment(let place, let operation, let value):
            visit(place)
            visit(value)
            if case .name(let name) = place.kind {
                note(name, operation.map { .compound($0) } ?? .value(value), at: statement.range)
            } else {
                notePart(of: place, at: statement.range)
            }
        case .for(let loop):
            visit(loop.sequence)
            visit(loop.body)
        case .while(let condition, let body):
            visit(condition)
            visit(body)
        case .return(let value): value.map { visit($0) }
        case .assert(let condition, let message):
            visit(condition)
            message.map { visit($0) }
        case .defer(let body):
            let before = changes.count
            visit(body)
            deferred.formUnion(changes[before...].map(\.name))
        case .command(let pipeline): visit(pipeline)
        case .import, .break, .continue, .invalid: break
        }
    }

    private mutating func note(_ name: String, _ kind: Assignments.Kind, at range: SourceRange) {
        changes.append(Assignments.Change(position: range.start, name: name, kind: kind))
    }

    private mutating func notePart(of place: Expression, at range: SourceRange) {
        var root = place
        while true {
            switch root.kind {
            case .member(let base, _, _), .index(let base, _): root = base
            case .name(let name):
                note(name, .part, at: range)
                return
            default: return
            }
        }
    }

    private mutating func visit(_ function: Function) {
        for parameter in function.parameters { parameter.defaultValue.map { visit($0) } }
        visit(function.body)
    }

    private mutating func visit(_ segments: [Segment]) {
        for case .value(let value) in segments { visit(value) }
    }

    private mutating func visit(_ pipeline: Pipeline) {
        for stage in pipeline.stages {
            for assignment in stage.environment { visit(assignment.value.pieces) }
            for word in stage.words { visit(word.pieces) }
        }
    }

    private mutating func visit(_ expression: Expression) {
        switch expression.kind {
        case .null, .bool, .int, .float, .string, .version, .duration, .size, .invalid: break
        case .name(let name): uses?.append(Name(name, expression.range))
        case .interpolation(let segments): visit(segments)
        case .list(let items): for item in items { visit(item) }
        case .map(let entries): for entry in entries { visit(entry.value) }
        case .unary(_, let operand), .member(let operand, _, _): visit(operand)
        case .binary(_, let left, let right), .index(let left, let right):
            visit(left)
            visit(right)
        case .call(let call):
            if case .member(let base, let name, _) = call.callee.kind, mutatingNames.contains(name.text) {
                notePart(of: base, at: expression.range)
            }
            visit(call.callee)
            for argument in call.arguments { visit(argument.value) }
        case .closure(let function): visit(function)
        case .conditional(let arms, let otherwise):
            for arm in arms {
                visit(arm.condition)
                visit(arm.body)
            }
            otherwise.map { visit($0) }
        case .match(let subject, let arms):
            visit(subject)
            for arm in arms { visit(arm.body) }
        case .tryCatch(let body, _, let handler):
            visit(body)
            visit(handler)
        case .capture(let pipeline): visit(pipeline)
        case .step, .transaction, .parallel, .parallelFor, .retry, .timeout: visitConstruct(expression)
        }
    }

    private mutating func visitConstruct(_ expression: Expression) {
        switch expression.kind {
        case .step(let step):
            visit(step.title)
            visit(step.body)
            step.undo.map { visit($0.body) }
        case .transaction(let title, let body):
            visit(title)
            visit(body)
        case .parallel(let limit, let branches):
            limit.map { visit($0) }
            for branch in branches { visit(branch) }
        case .parallelFor(let limit, _, let sequence, let body):
            limit.map { visit($0) }
            visit(sequence)
            visit(body)
        case .retry(let retry):
            visit(retry.attempts)
            retry.every.map { visit($0) }
            visit(retry.body)
        case .timeout(let limit, let body):
            visit(limit)
            visit(body)
        default: break
        }
    }
}
