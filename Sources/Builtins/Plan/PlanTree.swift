import Lang

/// A parent or an effect of a plan.
private final class PlanNode {
    /// Those in it, by place; a branch's place is its number in brackets.
    var children: [String: [PlanNode]] = [:]
    var effect: Plan.Effect?
    var mayRepeat = false
    let isAttempt: Bool

    init(isAttempt: Bool = false) { self.isAttempt = isAttempt }
}

/// The changes of a plan as the tree that their identities make, and how far a run has come in it.
struct PlanTree {
    /// From the outermost parent to an effect.
    struct Way {
        fileprivate var nodes: [PlanNode] = []
        var effect: Plan.Effect? { nodes.last?.effect }
    }

    private let root = PlanNode()
    /// The parents of the run, with those of the plan that they have turned out to be.
    private var parents: [[PlanIdentity.Part]: PlanNode] = [:]
    /// In each parent of the run: how many of those at a place in the plan have been come by.
    private var taken: [[PlanIdentity.Part]: [String: Int]] = [:]
    var match = PlanMatch()
    /// How many changes the run has come to.
    private(set) var made = 0

    init(_ plan: Plan) {
        for step in plan.steps { add(PlanIdentity(step.identity), nil, step.mark) }
        for effect in plan.effects { add(PlanIdentity(effect.identity), effect, effect.mark) }
    }

    private func add(_ identity: PlanIdentity, _ effect: Plan.Effect?, _ mark: Plan.Mark) {
        var node = root
        for part in identity.parts {
            let (place, occurrence) = part.place
            // A `parallel` of which only a real run knows how many branches it has.
            if case .branch = part, mark.mayRepeat { node.mayRepeat = true }
            while node.children[place, default: []].count <= occurrence {
                node.children[place, default: []].append(PlanNode(isAttempt: place.hasSuffix(Identity.attemptMark)))
            }
            node = node.children[place, default: []][occurrence]
        }
        if let effect { node.effect = effect }
        node.mayRepeat = node.mayRepeat || mark.mayRepeat
    }

    /// The ways through the plan that a path of the run may stand for, the likeliest first; each has a node for each part.
    func candidates(_ path: [PlanIdentity.Part]) -> [Way] {
        var ways = [Way()]
        for (index, part) in path.enumerated() {
            let known = index < path.count - 1 ? parents[Array(path[...index])] : nil
            let count = taken[Array(path[..<index])]?[part.place.0] ?? 0
            ways = ways.flatMap { way -> [Way] in
                let parent = way.nodes.last ?? root
                let (place, _) = part.place
                let nodes = known.map { [$0] } ?? parent.open(place, part, after: count)
                return nodes.map { Way(nodes: way.nodes + [$0]) }
            }
            if ways.count > 200 { ways = Array(ways.prefix(200)) }
        }
        return ways
    }

    mutating func take(_ way: Way, _ path: [PlanIdentity.Part]) {
        made += 1
        var parent = root
        for (index, node) in way.nodes.enumerated() {
            let (place, _) = path[index].place
            let key = Array(path[...index])
            if index == way.nodes.count - 1 || parents[key] == nil {
                let position = parent.children[place]?.firstIndex { $0 === node } ?? 0
                let around = Array(path[..<index])
                taken[around, default: [:]][place] = max(taken[around]?[place] ?? 0, position + 1)
                if index < way.nodes.count - 1 { parents[key] = node }
            }
            parent = node
        }
    }
}

extension PlanNode {
    /// Those at a place that the run may come to now: the ones after the last, then what may be come to again.
    func open(_ place: String, _ part: PlanIdentity.Part, after taken: Int) -> [PlanNode] {
        if case .branch = part {
            if let branch = children[place] { return branch }
            return mayRepeat ? children["[0]"] ?? [] : []
        }
        guard let all = children[place] else { return [] }
        let count = min(taken, all.count)
        let again = all[..<count].enumerated().filter {
            $0.element.mayRepeat || $0.element.isAttempt && $0.offset == count - 1
        }
        return Array(all[count...]) + again.map(\.element)
    }
}

extension PlanIdentity.Part {
    fileprivate var place: (String, Int) {
        switch self {
        case .call(let chain, let occurrence): (chain, occurrence)
        case .branch(let number): ("[\(number)]", 0)
        }
    }
}
