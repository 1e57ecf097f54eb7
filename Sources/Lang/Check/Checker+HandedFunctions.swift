// Functions that methods are handed, such as that of `map`: they must take what the method calls them with.

extension Checker {
    /// `items` are what `method` calls the function with.
    mutating func requireFunction(
        _ type: CheckedType, _ value: Expression, taking items: [CheckedType], of method: Signature
    ) {
        if items.isEmpty || items.contains(.never) { return }
        if let builtin = builtin(named: value) {
            let signature = builtin.signature
            let least = signature.parameters.filter(\.isRequired).count
            let most = signature.isVariadic ? Int.max : signature.parameters.count
            requireCount(least...max(least, most), value, items.count, method)
            return
        }
        guard case .function(let function?) = type, !function.shape.isOpen else { return }
        let least = function.shape.parameters.filter(\.isRequired).count
        guard requireCount(least...function.parameters.count, value, items.count, method) else { return }
        for (item, parameter) in zip(items, function.parameters) where !item.fits(parameter.type) {
            report(
                .wrongItem(
                    of: method.name, parameter.name, expected: parameter.type.description, got: item.description),
                place(of: value))
            return
        }
    }

    @discardableResult
    private mutating func requireCount(
        _ counts: ClosedRange<Int>, _ value: Expression, _ count: Int, _ method: Signature
    ) -> Bool {
        if counts.contains(count) { return true }
        let taken = count < counts.lowerBound ? counts.lowerBound : counts.upperBound
        report(.wrongFunction(of: method.name, given: count, takes: taken), place(of: value))
        return false
    }

    /// The builtin function that an expression names.
    private mutating func builtin(named expression: Expression) -> Builtin? {
        guard let dotted = DottedName(expression), case .builtin(let builtin, let consumed)? = meaning(dotted),
            consumed == dotted.parts.count, builtin.signature.form == .function
        else { return nil }
        return builtin
    }

    /// The parameters of a function that stands there, which are what is wrong with it.
    private func place(of value: Expression) -> SourceRange {
        guard case .closure(let function) = value.kind, let first = function.parameters.first,
            let last = function.parameters.last
        else { return value.range }
        return SourceRange(first.range.start, last.range.end)
    }
}
