// `Int(x)`, `Version(x)` and their like: what they can make a value of is known, though they take anything.

extension Checker {
    /// What a conversion never can do is found before it runs; not inside a `try`, where it may be tried.
    mutating func checkConversion(_ builtin: Builtin, _ call: Call, _ types: [String: CheckedType]) {
        guard handler == nil, let taken = CheckedType.convertible(by: builtin.name),
            let value = call.arguments.first?.value
        else { return }
        if case .string(let text) = value.kind, let error = CheckedType.problem(of: text, as: builtin.name) {
            report(.invalidValue(error), value.range)
            return
        }
        guard let type = types["value"], !type.members.isEmpty, !type.members.contains(where: { $0.overlaps(taken) })
        else { return }
        report(
            .wrongType(
                "what `\(builtin.name)(…)` is given", expected: taken.description, got: described(type, value),
                help: nil
            ), value.range)
    }
}

extension Checker {
    /// A regular expression that stands in the program must be one.
    mutating func checkPattern(_ call: Call, _ signature: Signature) {
        guard handler == nil, ["Str.matches", "Str.find_all"].contains(signature.name),
            let value = call.arguments.first?.value, case .string(let pattern) = value.kind
        else { return }
        do throws(ValueError) { _ = try LinearRegex(pattern) } catch { report(.invalidValue(error), value.range) }
    }
}

extension CheckedType {
    /// Why a text is none that a conversion can read.
    fileprivate static func problem(of text: String, as name: String) -> ValueError? {
        do throws(ValueError) {
            switch name {
            case "Int": _ = try parseInt(text)
            case "Float": _ = try parseFloat(text)
            case "Bool": if text != "true", text != "false" { throw .notBool(text) }
            case "Version": _ = try Version(parsing: text)
            case "Image": _ = try ImageReference(parsing: text)
            case "Digest": _ = try Digest(parsing: text)
            case "Duration": _ = try Duration(parsing: text)
            case "Size": _ = try Size(parsing: text)
            default: break
            }
            return nil
        } catch { return error }
    }

    /// What a conversion takes.
    fileprivate static func convertible(by name: String) -> CheckedType? {
        switch name {
        case "Int", "Float": .union([.str, .int, .float], isDeclared: true)
        case "Bool": .union([.str, .bool], isDeclared: true)
        case "Version": .union([.str, .plain(.version)], isDeclared: true)
        case "Image": .union([.str, .plain(.image)], isDeclared: true)
        case "Digest": .union([.str, .plain(.digest)], isDeclared: true)
        case "Path": .union([.str, .plain(.path)], isDeclared: true)
        case "Duration": .union([.str, .plain(.duration)], isDeclared: true)
        case "Size": .union([.str, .plain(.size)], isDeclared: true)
        default: nil
        }
    }
}
