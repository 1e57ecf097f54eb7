/// Finds one text in another in linear time and without memory of its own (Crochemore and Perrin, 1991).
///
/// What is looked for is cut in two where its local period is that of the whole. Its right half is compared first: from where that
/// differs, the search can move on behind the difference; where the left half differs, by the period.
struct TwoWaySearch {
    private let text: UnsafeRawBufferPointer
    private let part: UnsafeRawBufferPointer
    /// Where the right half begins.
    private let cut: Int
    private let period: Int
    /// Whether what is looked for repeats with this period, so that what was compared need not be once more.
    private let isPeriodic: Bool

    init(of part: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer) throws(RuntimeError) {
        self.text = text
        self.part = part
        let one = try Self.maximalSuffix(of: part) { $0 < $1 }
        let other = try Self.maximalSuffix(of: part) { $0 > $1 }
        let (cut, period) = one.start > other.start ? one : other
        self.cut = cut
        var work = Self.work
        var same = 0
        while same < cut, part[same] == part[same &+ period] {
            same &+= 1
            try work.next()
        }
        isPeriodic = same == cut
        self.period = same == cut ? period : max(cut, part.count &- cut) &+ 1
    }

    private static var work: WorkCount { WorkCount(pieceOf: 4) }

    /// Where the suffix begins that comes last in the order of `isBefore`, and its period.
    private static func maximalSuffix(
        of part: UnsafeRawBufferPointer, _ isBefore: (UInt8, UInt8) -> Bool
    ) throws(RuntimeError) -> (start: Int, period: Int) {
        var work = Self.work
        var (start, candidate, offset, period) = (0, 1, 0, 1)
        while candidate &+ offset < part.count {
            try work.next()
            let (here, there) = (part[start &+ offset], part[candidate &+ offset])
            if isBefore(there, here) {
                candidate &+= offset &+ 1
                offset = 0
                period = candidate &- start
            } else if here == there {
                if offset &+ 1 == period {
                    candidate &+= period
                    offset = 0
                } else {
                    offset &+= 1
                }
            } else {
                start = candidate
                candidate = start &+ 1
                offset = 0
                period = 1
            }
        }
        return (start, period)
    }

    /// The offset of the next place from `start` on; nil where there is none.
    func next(from start: Int) throws(RuntimeError) -> Int? {
        var work = Self.work
        var position = start
        // How much of the beginning is known to be the same.
        var known = 0
        while position &+ part.count <= text.count {
            try work.next()
            var offset = max(cut, known)
            while offset < part.count, part[offset] == text[position &+ offset] {
                offset &+= 1
                try work.next()
            }
            if offset < part.count {
                position &+= offset &- cut &+ 1
                known = 0
                continue
            }
            offset = cut
            while offset > known, part[offset &- 1] == text[position &+ offset &- 1] {
                offset &-= 1
                try work.next()
            }
            if offset <= known { return position }
            position &+= period
            known = isPeriodic ? part.count &- period : 0
        }
        return nil
    }
}
