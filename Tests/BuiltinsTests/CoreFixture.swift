import Testing

@testable import Builtins
@testable package import Lang

/// What the language has without Docker, git or a project: all of it pure.
enum CoreBuiltins {
    static let all: [Builtin] =
        StringBuiltins.all + ListBuiltins.all + MapBuiltins.all + NumberBuiltins.all + ConversionBuiltins.all
        + DomainBuiltins.all + JSONBuiltins.all
}

/// Core builtins by name; they run natively, without a machine.
private let catalog: [String: Builtin] = Dictionary(uniqueKeysWithValues: CoreBuiltins.all.map { ($0.name, $0) })

/// The literal of what a pure builtin gives, or `error: …`.
func call(_ name: String, _ arguments: Value...) -> String {
    guard case .pure(let body)? = catalog[name]?.implementation else { return "no such builtin" }
    return outcome { try Arguments.with(arguments, body) }
}

/// Calls a builtin that changes its receiver.
func change(_ name: String, _ receiver: inout Value, _ arguments: Value...) -> String {
    guard case .mutating(let body)? = catalog[name]?.implementation else { return "no such builtin" }
    return outcome { try Arguments.with(arguments) { try body(&receiver, $0) } }
}

private func outcome(_ body: () throws -> Value) -> String {
    do {
        return try body().literal
    } catch let error as ValueError {
        return "error: \(error.message)"
    } catch let error as RuntimeError {
        return "error: \(error.message)"
    } catch {
        return "another error: \(error)"
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByBooleanLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(arrayLiteral elements: Value...) { self = .list(elements) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}
