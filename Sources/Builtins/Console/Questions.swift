import Lang

/// Asks a person. Only at a terminal: what stands in a pipe was not written as an answer to this question, and taking it
/// for one would release something that nobody agreed to.
package struct Questions {
    private let console: any Console

    package init(_ world: World) { console = world.console }

    /// `--yes` answers yes; without that and without a terminal it is an error.
    package func yesOrNo(_ question: String) async throws -> Bool {
        if console.assumesYes { return true }
        try requireTerminal(for: question, "run it at a terminal, or with `--yes` to answer yes to everything")
        return try await console.withTerminal { [self] in try await askYesOrNo(question) }
    }

    func text(_ question: String, default fallback: String?) async throws -> String {
        if !console.isInteractive, let fallback { return fallback }
        try requireTerminal(for: question, "run it at a terminal, or give the value as a parameter of the recipe")
        let shown = fallback.map { " [\($0)]" } ?? ""
        return try await console.withTerminal { [self] in
            while true {
                let answer = try await line("\(question)\(shown): ", question)
                if !answer.isEmpty { return answer }
                if let fallback { return fallback }
            }
        }
    }

    func secret(_ question: String) async throws -> Secret {
        try requireTerminal(
            for: question,
            "run it at a terminal, or read the secret with `env.secret(…)`, `secrets.file(…)` or another of `relsh doc secrets`"
        )
        return try await console.withTerminal { [self] in
            guard let answer = try await console.readLine(prompt: "\(question): ", isSecret: true) else {
                throw RuntimeError(.failure, .noAnswer(question))
            }
            return try SecretSource.checked(answer, from: "prompt \(question)")
        }
    }

    /// The items that were not ticked.
    func checklist(_ title: String, _ items: [String]) async throws -> [String] {
        if console.assumesYes { return [] }
        try requireTerminal(for: title, "run it at a terminal, or with `--yes` to tick everything")
        return try await console.withTerminal { [self] in
            var open: [String] = []
            for (position, item) in items.enumerated() {
                let question = "\(title) (\(position + 1) of \(items.count)): \(item)"
                if try await !askYesOrNo(question) { open.append(item) }
            }
            return open
        }
    }

    private func askYesOrNo(_ question: String) async throws -> Bool {
        for _ in 1...3 {
            switch try await line("\(question) [y/N] ", question).lowercased() {
            case "y", "yes": return true
            case "n", "no", "": return false
            default: continue
            }
        }
        throw RuntimeError(.failure, .badAnswers(question))
    }

    private func line(_ prompt: String, _ question: String) async throws -> String {
        guard let answer = try await console.readLine(prompt: prompt, isSecret: false) else {
            throw RuntimeError(.failure, .noAnswer(question))
        }
        let bare = answer.drop { $0.isWhitespace }
        return String(bare.reversed().drop { $0.isWhitespace }.reversed())
    }

    private func requireTerminal(for question: String, _ remedy: String) throws {
        guard console.isInteractive else { throw RuntimeError(.failure, .nobodyToAsk(question, remedy: remedy)) }
    }
}
