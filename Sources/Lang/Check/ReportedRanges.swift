/// The places where mistakes were found already, for asking whether another touches one of them.
struct ReportedRanges {
    private var starts: [Int] = []
    /// How far the ranges reach that begin no later than the one at this position.
    private var reaches: [Int] = []

    init(_ ranges: [SourceRange]) {
        for range in ranges.sorted(by: { $0.start < $1.start }) {
            starts.append(range.start)
            reaches.append(max(reaches.last ?? range.end, range.end))
        }
    }

    var isEmpty: Bool { starts.isEmpty }

    func touches(_ range: SourceRange) -> Bool {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] < range.end { low = middle + 1 } else { high = middle }
        }
        return low > 0 && reaches[low - 1] > range.start
    }
}
