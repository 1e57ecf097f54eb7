import Lang

extension Digest {
    private static let plannedStart = Array(planned(0).description.dropLast(32).utf8)

    /// A text in which something else stands for each digest that only a real run would know.
    static func replacingPlanned(in text: String, with shown: (Int) -> String) -> String {
        if !text.contains(String(decoding: plannedStart, as: UTF8.self)) { return text }
        var result = ""
        var plain: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let digits = rest.dropFirst(plannedStart.count).prefix(32)
            guard rest.starts(with: plannedStart), digits.count == 32,
                let number = Int(String(decoding: digits, as: UTF8.self), radix: 16)
            else {
                plain.append(rest.removeFirst())
                continue
            }
            result += String(decoding: plain, as: UTF8.self) + shown(number)
            plain = []
            rest = rest.dropFirst(plannedStart.count + 32)
        }
        return result + String(decoding: plain, as: UTF8.self)
    }
}

extension KnownImages {
    /// A text of a dry run as a person reads it.
    func shown(_ text: String) -> String {
        UnknownText.shown(Digest.replacingPlanned(in: text) { "<known at run time: \(title(ofPlanned: $0))>" })
    }
}
