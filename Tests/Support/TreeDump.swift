package import Lang

/// A tree as S-expressions, compact enough to stand in a test.
package enum TreeDump {
    package static func text(_ file: FileTree) -> String {
        let documentation = file.documentation.map { "(doc \(quoted($0)))\n" } ?? ""
        return documentation + file.body.statements.map(text).joined(separator: "\n")
    }

    package static func text(_ block: Block) -> String {
        "{" + block.statements.map(text).joined(separator: "; ") + "}"
    }

    package static func text(_ statement: Statement) -> String {
        switch statement.kind {
        case .expression(let value): text(value)
        case .declaration(let declaration): text(declaration)
        case .function(let function):
            join("fn", function.name.text, documentation(function.documentation), text(function.function))
        case .recipe(let recipe): text(recipe)
        case .import(let declaration): "(import \(quoted(declaration.path)) \(declaration.name.text))"
        case .assignment(let place, let operation, let value):
            "(\(operation?.rawValue ?? "")= \(text(place)) \(text(value)))"
        case .for(let loop): join("for", names(loop.names), text(loop.sequence), text(loop.body))
        case .while(let condition, let body): join("while", text(condition), text(body))
        case .return(let value): join("return", value.map(text))
        case .break: "(break)"
        case .continue: "(continue)"
        case .fail(let value): join("fail", text(value))
        case .assert(let condition, let message): join("assert", text(condition), message.map(text))
        case .defer(let body): join("defer", text(body))
        case .command(let pipeline): join("$", text(pipeline))
        case .invalid: "(invalid)"
        }
    }

    package static func text(_ expression: Expression) -> String {
        switch expression.kind {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .float(let value): "\(value)"
        case .string(let value): quoted(value)
        case .version(let value): "v\(value)"
        case .duration(let value): "\(value)"
        case .size(let value): "\(value.bytes)B"
        case .interpolation(let segments): join("str", segments.map(text).joined(separator: " "))
        case .name(let name): name
        case .list(let elements): "[" + elements.map(text).joined(separator: " ") + "]"
        case .map(let entries):
            "(map" + entries.map { " \(quoted($0.key)):" + text($0.value) }.joined() + ")"
        case .unary(let operation, let operand): join(operation.rawValue, text(operand))
        case .binary(let operation, let left, let right): join(operation.rawValue, text(left), text(right))
        case .member(let base, let name, let optional): join(optional ? "?." : ".", text(base), name.text)
        case .index(let base, let index): join("index", text(base), text(index))
        case .call(let call): text(call)
        case .closure(let function): join("fn", text(function))
        case .conditional(let arms, let otherwise):
            join(
                "if", arms.map { text($0.condition) + " " + text($0.body) }.joined(separator: " "), otherwise.map(text))
        case .match(let value, let arms): join("match", text(value), arms.map(text).joined(separator: " "))
        case .tryCatch(let body, let name, let handler): join("try", text(body), name?.text, text(handler))
        default: construct(expression)
        }
    }

    private static func construct(_ expression: Expression) -> String {
        switch expression.kind {
        case .step(let step):
            join(
                "step", text(step.title), text(step.body),
                step.undo.map { join("undo", $0.name?.text, text($0.body)) })
        case .transaction(let title, let body): join("transaction", text(title), text(body))
        case .parallel(let limit, let branches):
            join("parallel", limit.map(text), branches.map(text).joined(separator: " "))
        case .parallelFor(let limit, let loopNames, let sequence, let body):
            join("parallel-for", limit.map(text), names(loopNames), text(sequence), text(body))
        case .retry(let retry): join("retry", text(retry.attempts), retry.every.map(text), text(retry.body))
        case .timeout(let time, let body): join("timeout", text(time), text(body))
        case .capture(let pipeline): join("$()", text(pipeline))
        default: "(invalid)"
        }
    }

    private static func text(_ segment: Segment) -> String {
        switch segment {
        case .text(let text): quoted(text)
        case .value(let value): text(value)
        }
    }

    private static func text(_ declaration: Declaration) -> String {
        let pattern =
            switch declaration.pattern {
            case .name(let name): name.text
            case .list(let list, _): "[" + list.map(\.text).joined(separator: " ") + "]"
            }
        return join(
            declaration.isVariable ? "var" : "let", pattern, declaration.type.map { ":" + text($0) },
            text(declaration.value))
    }

    private static func text(_ function: Function) -> String {
        join2(
            "(" + function.parameters.map(text).joined(separator: " ") + ")", function.result.map { "->" + text($0) },
            text(function.body))
    }

    private static func text(_ parameter: Parameter) -> String {
        parameter.name.text + (parameter.type.map { ":" + text($0) } ?? "")
            + (parameter.defaultValue.map { "=" + text($0) } ?? "")
            + (parameter.documentation.map { " " + documentation($0)! } ?? "")
    }

    private static func text(_ recipe: RecipeDeclaration) -> String {
        let items = recipe.items.map { item in
            switch item {
            case .parameter(let parameter): text(parameter)
            case .spread(let names, _): "..." + names.map(\.text).joined(separator: ".")
            }
        }
        return join(
            recipe.isDefault ? "default-recipe" : "recipe", recipe.name.text, documentation(recipe.documentation),
            "(" + items.joined(separator: " ") + ")", recipe.result.map { "->" + text($0) }, text(recipe.body))
    }

    private static func text(_ call: Call) -> String {
        let arguments = call.arguments.map { ($0.label.map { $0.text + ":" } ?? "") + text($0.value) }
        return join(
            "call", text(call.callee), arguments.isEmpty ? nil : arguments.joined(separator: " "),
            call.passesOn == nil ? nil : "...")
    }

    private static func text(_ arm: MatchArm) -> String {
        let patterns = arm.patterns.map { pattern in
            switch pattern.kind {
            case .literal(let value): text(value)
            case .range(let from, let to, let inclusive): text(from) + (inclusive ? ".." : "..<") + text(to)
            case .type(let type): ":" + text(type)
            }
        }
        return "(" + (patterns.isEmpty ? "else" : patterns.joined(separator: "|")) + " => " + text(arm.body) + ")"
    }

    package static func text(_ type: TypeExpression) -> String {
        switch type.kind {
        case .name(let name): name
        case .optional(let type): text(type) + "?"
        case .list(let type): "[" + text(type) + "]"
        case .map(let key, let value): "{" + text(key) + ":" + text(value) + "}"
        case .union(let types): "(" + types.map(text).joined(separator: "|") + ")"
        case .literal(let text): quoted(text)
        }
    }

    package static func text(_ pipeline: Pipeline) -> String {
        pipeline.stages.map { command in
            let environment = command.environment.map { $0.name.text + "=" + text($0.value) }
            return (environment + command.words.map(text)).joined(separator: " ")
        }.joined(separator: " | ")
    }

    private static func text(_ word: Command.Word) -> String { word.pieces.map(text).joined(separator: "~") }

    private static func names(_ names: [Name]) -> String { names.map(\.text).joined(separator: ",") }

    private static func documentation(_ text: String?) -> String? { text.map { "#" + quoted($0) } }

    private static func join(_ parts: String?...) -> String {
        "(" + parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ") + ")"
    }

    private static func join2(_ parts: String?...) -> String { parts.compactMap { $0 }.joined(separator: " ") }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\"", with: "\\\"") + "\""
    }
}
