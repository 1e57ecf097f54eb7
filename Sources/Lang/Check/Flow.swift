/// Something whose value stays the same until one of its variables is assigned to.
enum Place: Hashable {
    case variable(Int)
    /// `image.tag`, `git.branch()`, as written.
    case expression(String)
}

/// What is known at one point of the program, beyond the types of variables.
///
/// A flow is copied at every branch and two are merged where branches meet, while a long file may know thousands of
/// facts. So the facts stand in layers that copies share, the larger ones first, and only the latest few are copied; a
/// merge looks at what is not shared.
struct Flow {
    private final class Layer {
        /// nil stands for a fact of a layer before that does not hold any more.
        let facts: [Place: CheckedType?]
        init(_ facts: [Place: CheckedType?]) { self.facts = facts }
    }

    var isReachable = true
    private var layers: [Layer] = []
    private var latest: [Place: CheckedType?] = [:]
    /// False where no fact is about more than a variable.
    private(set) var hasExpressions = false

    private static let maximumLatest = 16

    var isEmpty: Bool { layers.isEmpty && latest.isEmpty }

    subscript(place: Place) -> CheckedType? {
        get {
            if let fact = latest[place] { return fact }
            for layer in layers.reversed() {
                if let fact = layer.facts[place] { return fact }
            }
            return nil
        }
        set {
            if newValue == nil, isEmpty { return }
            if newValue != nil, case .expression = place { hasExpressions = true }
            latest[place] = .some(newValue)
            if latest.count > Flow.maximumLatest { settle() }
        }
    }

    /// Makes a layer of the latest facts, together with the layers that are not much larger.
    private mutating func settle() {
        var facts = latest
        while let last = layers.last, last.facts.count < facts.count * 2 {
            facts = last.facts.merging(facts) { _, new in new }
            layers.removeLast()
        }
        if layers.isEmpty { facts = facts.filter { $0.value != nil } }
        layers.append(Layer(facts))
        latest = [:]
    }

    /// The places of which two flows may know different things.
    func differences(from other: Flow) -> Set<Place> {
        var shared = 0
        while shared < min(layers.count, other.layers.count), layers[shared] === other.layers[shared] { shared += 1 }
        var places = Set(latest.keys).union(other.latest.keys)
        for layer in layers[shared...] + other.layers[shared...] { places.formUnion(layer.facts.keys) }
        return places
    }

    /// What this flow knows that `other` does not.
    func facts(since other: Flow) -> [Place: CheckedType] {
        var result: [Place: CheckedType] = [:]
        for place in differences(from: other) {
            if let fact = self[place], fact != other[place] { result[place] = fact }
        }
        return result
    }

    mutating func learn(_ facts: [Place: CheckedType]) {
        for (place, type) in facts { self[place] = type }
    }
}

/// What is known where a condition is true, and where it is false.
struct Outcomes {
    var whenTrue: Flow
    var whenFalse: Flow

    var negated: Outcomes { Outcomes(whenTrue: whenFalse, whenFalse: whenTrue) }
}
