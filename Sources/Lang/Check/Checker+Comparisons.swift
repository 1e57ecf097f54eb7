// What `min`, `max` and `sort` put in order, and the words that `run` is given: what is certain of them.

extension Checker {
    /// `min(a, b)`: all of one type, which has an order.
    mutating func checkExtreme(_ name: String, _ values: [Expression], _ types: [CheckedType], _ call: Call) {
        switch values.count {
        case 0: report(.nothingToCompare(name), call.callee.range)
        case 1: if case .list = types[0] { report(.listToCompare(name), values[0].range) }
        default: requireOneOrder(values, types, "the arguments of `\(name)`", "each argument of `\(name)`")
        }
    }

    /// `xs.min()`, `xs.sort()`: what the items are compared by is known where they stand in the program, or where none of
    /// their types has an order.
    mutating func checkOrderOfItems(_ name: String, _ base: Expression, _ receiver: CheckedType, _ call: Call) {
        guard ["min", "max", "sort"].contains(name), !call.arguments.contains(where: { $0.label?.text == "by" }),
            case .list(let element) = receiver
        else { return }
        if case .list(let items) = base.kind {
            if items.count < 2 { return }
            let types = items.map { CheckedType(literal: $0) ?? known($0) }
            requireOneOrder(items, types, "the items that `\(name)` compares", "each item that `\(name)` compares")
        } else if element != .never, !element.members.contains(where: \.hasOrder) {
            reportUnordered("each item that `\(name)` compares", element.description, help: nil, base.range)
        }
    }

    private mutating func requireOneOrder(
        _ values: [Expression], _ types: [CheckedType], _ all: String, _ each: String
    ) {
        for (value, type) in zip(values, types) {
            if type.isOptional {
                requireNotNull(type, value, each)
                return
            }
            if !type.hasOrder {
                let help = type.isNull ? "give a value in place of null with `??`" : nil
                reportUnordered(each, described(type, value), help: help, value.range)
                return
            }
        }
        for (value, type) in zip(values, types).dropFirst() where !types[0].overlapsKind(type) {
            let help = operandHelp(.less, values[0], types[0], value, type)
            report(.mixedOrder(all, types[0].asText.description, type.asText.description, help: help), value.range)
            return
        }
    }

    private mutating func reportUnordered(_ what: String, _ got: String, help: String?, _ range: SourceRange) {
        let expected = "Int, Float, Str, Version, Duration or Size"
        let type = "Int | Float | Str | Version | Duration | Size"
        report(.wrongType(what, expected: expected, type: type, got: got, help: help), range)
    }

    /// `run([])` has nothing to run.
    mutating func checkProgram(_ call: Call) {
        guard let command = call.arguments.first(where: { $0.label == nil || $0.label?.text == "command" })?.value,
            case .list(let words) = command.kind, words.isEmpty
        else { return }
        regardlessOfCatch { $0.report(.noProgram(), command.range) }
    }
}
