import Lang

/// Makes the value of one option from the texts given for it.
struct OptionValue {
    let option: RecipeOption
    typealias Registries = (String) throws -> Registry?

    private var spelled: String { "--" + option.name }

    func read(_ texts: [String], _ registries: Registries) throws(UsageError) -> Value {
        if texts.count == 1, let text = texts.first { return try read(text, registries) }
        if let element = listElement { return try list(texts, of: element, registries) }
        for text in texts.dropFirst() where text != texts.first {
            throw UsageError(.repeatedOption(spelled, first: texts[0], second: text))
        }
        return try read(texts[0], registries)
    }

    private var listElement: ValueType? {
        for case .list(let element) in option.alternatives { return element }
        return nil
    }

    /// One text: a literal first, then whatever else fits, in the order written.
    private func read(_ text: String, _ registries: Registries) throws(UsageError) -> Value {
        for case .literal(let literal) in option.alternatives where literal == text { return .string(text) }
        var failure: ValueError?
        for type in option.alternatives {
            switch type {
            case .list(let element): return try list([text], of: element, registries)
            case .secret, .literal: continue
            default:
                do throws(ValueError) {
                    return try parse(text, as: type, registries)
                } catch {
                    failure = failure ?? error
                }
                if let problem = registryProblem(text, type, registries) { throw problem }
            }
        }
        throw wrong(text, expected: option.expected, failure)
    }

    /// A list: texts are split at commas, and spaces around items do not count. The empty text is the empty list.
    private func list(
        _ texts: [String], of element: ValueType, _ registries: Registries
    ) throws(UsageError) -> Value {
        var items: [Value] = []
        for text in texts where !text.isEmpty {
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                let item = trimmed(part)
                if item.isEmpty { throw UsageError(.emptyListItem(spelled, given: text)) }
                do throws(ValueError) {
                    items.append(try parse(item, as: element, registries))
                } catch {
                    if let problem = registryProblem(item, element, registries) { throw problem }
                    throw wrong(item, expected: option.expected, error)
                }
            }
        }
        return .list(items)
    }

    private func parse(_ text: String, as type: ValueType, _ registries: Registries) throws(ValueError) -> Value {
        try type.parse(text) { name in (try? registries(name)) ?? nil }
    }

    /// Why the project's registries could not be looked at, if that is why a Registry was not found.
    private func registryProblem(_ text: String, _ type: ValueType, _ registries: Registries) -> UsageError? {
        guard type == .registry else { return nil }
        do {
            _ = try registries(text)
            return nil
        } catch let error as UsageError {
            return error
        } catch let error as RuntimeError {
            return UsageError(Message(error.message, help: error.help, id: error.id), at: error.location)
        } catch {
            return nil
        }
    }

    private func wrong(_ text: String, expected: String, _ failure: ValueError?) -> UsageError {
        var literals: [String] = []
        for case .literal(let literal) in option.alternatives { literals.append(literal) }
        let near = suggestion(for: text, among: literals).map { "did you mean \($0)?" }
        let isPlain = literals.count == option.alternatives.count
        let help = near ?? (isPlain ? nil : failure.map { $0.hint ?? $0.message })
        return UsageError(.wrongOptionValue(spelled, expected: expected, given: text, help: help))
    }

    private func trimmed(_ part: Substring) -> String {
        var part = part
        while part.first == " " { part.removeFirst() }
        while part.last == " " { part.removeLast() }
        return String(part)
    }
}
