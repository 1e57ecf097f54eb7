// `match`: what the arms before have taken is taken from the value's type, so that an arm can be seen to be of no use,
// and what is left at the end to be forgotten. A value of which nothing was declared may be anything: for that, only
// arms that are written twice are found.

extension Checker {
    mutating func match(_ subject: Expression, _ arms: [MatchArm], _ range: SourceRange) -> CheckedType {
        var subjectType = type(of: subject)
        // A text that stands in the `match` itself is an example of what may stand there.
        if case .string = subject.kind { subjectType = subjectType.widened }
        let place = place(subject)
        let asked = typeAsked(by: subject)
        var askedRest = asked?.type ?? .any
        var rest = Remainder(subjectType)
        var end: Flow?
        var result = CheckedType.never
        let before = flow
        var misspelt: Set<String> = []
        var unmatched: [(Message, SourceRange, isMisspelt: Bool)] = []
        var hasElse = false
        for arm in arms {
            flow = before
            // The resolver has warned of arms after `else`.
            let isAfterElse = hasElse
            var taken = CheckedType.never
            if arm.patterns.isEmpty {
                taken = rest.type
                hasElse = true
            }
            for pattern in arm.patterns {
                check(pattern)
                let type = CheckedType(pattern: pattern)
                taken = taken.joined(rest.type.restricted(to: type))
                if !isAfterElse, let problem = problem(pattern, type, rest, subjectType) {
                    if let near = problem.suggestion { misspelt.insert(near) }
                    unmatched.append((problem.message, pattern.range, problem.suggestion != nil))
                }
                rest.take(pattern, type)
            }
            if let place, taken != .any, taken != .never { flow[place] = taken }
            let named = take(arm, from: &askedRest)
            if let asked, named != .any, named != .never { flow[asked.place] = named }
            result = result.joined(check(arm.body))
            end = end.map { merged($0, flow) } ?? flow
        }
        flow = before
        let missing = hasElse ? [] : rest.missing(of: subjectType)
        for (message, range, isMisspelt) in unmatched {
            // A misspelt arm is the mistake; that another is missing follows from it.
            if isMisspelt, !missing.isEmpty { report(message, range) } else { warn(message, range) }
        }
        let others = missing.filter { !misspelt.contains($0) }
        if !others.isEmpty { report(.missingArms(Checker.listed(others)), subject.range) }
        if let end { flow = end }
        if let place, flow.isReachable, !missing.isEmpty {
            flow = before
            flow[place] = before[place]
            return .any
        }
        return flow.isReachable ? result : .never
    }

    private static func listed(_ missing: [String]) -> String {
        guard missing.count > 1, let last = missing.last else { return missing.joined() }
        return missing.dropLast().joined(separator: ", ") + " and " + last
    }

    private mutating func check(_ pattern: MatchArm.Pattern) {
        switch pattern.kind {
        case .range(let lower, let upper, _):
            require(type(of: lower), lower, .int, "the start of a range")
            require(type(of: upper), upper, .int, "the end of a range")
        case .literal, .type: break
        }
    }

    private func problem(
        _ pattern: MatchArm.Pattern, _ type: CheckedType, _ rest: Remainder, _ subject: CheckedType
    ) -> (message: Message, suggestion: String?)? {
        let text = shortText(pattern.range)
        if !subject.overlaps(type) {
            var near: String?
            if case .literal(let literal) = type { near = suggestion(for: literal, among: subject.literals) }
            let message = Message.unmatchableArm(
                "`\(text)`", subject: subject.description, suggestion: near.map { quoted($0) })
            return (message, near.map { quoted($0) })
        }
        if rest.isTaken(pattern, type) || (subject != .any && !rest.type.overlaps(type)) || rest.type == .never {
            return (.unmatchableArm("`\(text)`", subject: nil, suggestion: nil), nil)
        }
        return nil
    }
}

/// What the arms so far leave of a value.
private struct Remainder {
    var type: CheckedType
    private var texts: Set<String> = []
    private var bools: Set<Bool> = []
    private var types: [CheckedType] = []
    /// The types that arms have taken a part of.
    private var touched: [CheckedType] = []

    init(_ type: CheckedType) { self.type = type }

    /// True where an arm before takes all that this one would.
    func isTaken(_ pattern: MatchArm.Pattern, _ patternType: CheckedType) -> Bool {
        if types.contains(where: { $0 != .any && $0.covers(patternType) }) { return true }
        guard case .literal(let literal) = pattern.kind else { return false }
        switch literal.kind {
        case .string(let text): return texts.contains(text)
        case .bool(let value): return bools.contains(value)
        default: return false
        }
    }

    mutating func take(_ pattern: MatchArm.Pattern, _ patternType: CheckedType) {
        if touched.count < 20 { touched.append(patternType) }
        switch pattern.kind {
        case .type:
            if types.count < 20 { types.append(patternType) }
            type = type.without(patternType)
        case .literal(let literal):
            switch literal.kind {
            case .string(let text):
                texts.insert(text)
                type = type.without(.literal(text))
            case .bool(let value):
                bools.insert(value)
                if bools.count == 2 { type = type.without(.bool) }
            case .null: type = type.without(.null)
            default: break
            }
        case .range: break
        }
    }

    /// What no arm takes, as messages list it; of what has no end of values, only types that no arm speaks of.
    func missing(of subject: CheckedType) -> [String] {
        guard subject.isDeclared || subject == .bool else { return [] }
        return type.members.compactMap { member in
            switch member {
            case .literal(let text): quoted(text)
            case .plain(.null): "null"
            case .plain(.bool):
                switch (bools.contains(true), bools.contains(false)) {
                case (true, false): "false"
                case (false, true): "true"
                default: "Bool"
                }
            case .any, .never, .union: nil
            default: isOpen(member) ? nil : member.description
            }
        }
    }

    private func isOpen(_ member: CheckedType) -> Bool { touched.contains { $0.overlaps(member) } }
}

extension CheckedType {
    /// What a pattern takes, or a type that holds it.
    fileprivate init(pattern: MatchArm.Pattern) {
        switch pattern.kind {
        case .literal(let literal): self = CheckedType(literal: literal) ?? .any
        case .range: self = .int
        case .type(let type): self = CheckedType(annotation: type)
        }
    }
}
