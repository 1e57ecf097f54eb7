/// The one of `candidates` that was probably meant by `name`: the nearest by edits (a letter more, less, other, or two
/// swapped), if it is near enough for its length. Case does not count. Nil where nothing is near.
package func suggestion(for name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= maximumLength else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != name {
        let scalars = Array(candidate.lowercased().unicodeScalars)
        let allowed = max(1, min(wanted.count, scalars.count) / 3)
        let limit = min(allowed, best.map { $0.distance - 1 } ?? allowed)
        guard limit >= 0, scalars.count <= maximumLength else { continue }
        guard let distance = editDistance(wanted, scalars, limit: limit) else { continue }
        // A name of one or two letters is near to everything: there only the case may differ.
        if distance > 0, min(wanted.count, scalars.count) < 3 { continue }
        best = (candidate, distance)
    }
    return best?.name
}

/// Longer names are not misspelt, they are something else.
private let maximumLength = 100

/// The distance by Damerau (adjacent letters swapped count once), nil where it is above the limit.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], limit: Int) -> Int? {
    if abs(left.count - right.count) > limit { return nil }
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for row in 0..<left.count {
        var current = [row + 1]
        current.reserveCapacity(right.count + 1)
        for column in 0..<right.count {
            let isSame = left[row] == right[column]
            var cost = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (isSame ? 0 : 1))
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                cost = min(cost, beforePrevious[column - 1] + 1)
            }
            current.append(cost)
        }
        if (current.min() ?? 0) > limit { return nil }
        beforePrevious = previous
        previous = current
    }
    let distance = previous[right.count]
    return distance <= limit ? distance : nil
}
