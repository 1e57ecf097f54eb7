import Lang

// What a transaction that fails takes back.

extension Interpreter {
    /// Takes back what was done, newest first; one thing that cannot be does not keep the others from it.
    func undo(_ undos: Scope.Undos, _ scope: Scope) async {
        let chains = ChangeChains(undos.list.compactMap(\.change))
        // An older change of a thing that is not back to what that one has made cannot be taken back.
        var stuck: Set<Inverse.Subject> = []
        var rest = Array(undos.list.reversed())
        for isLast in [false, true] {
            var late: [Scope.Undo] = []
            for undo in rest {
                let subject = undo.change?.inverse.subject
                if let subject, stuck.contains(subject) { continue }
                switch await perform(undo, of: chains, scope, isLast: isLast) {
                case .done: break
                case .failed: if let subject { stuck.insert(subject) }
                case .late: late.append(undo)
                }
            }
            rest = late
        }
    }

    private enum Taken {
        case done
        case failed
        /// Worth another try, once the others are taken back.
        case late
    }

    private func perform(
        _ undo: Scope.Undo, of chains: ChangeChains, _ scope: Scope, isLast: Bool
    ) async -> Taken {
        let inner = Scope(inheriting: scope)
        inner.shield()
        inner.isUndoing = true
        do throws(RuntimeError) {
            switch undo {
            case .block(let function, let step, _):
                try await call(function, Identity(path: "\(step.path)/undo"), inner)
                let recorder = recorder
                try await interruptible(inner) { try await recorder?.undone(step: step.path) }
            case .change(let change):
                guard case .stays(let why) = try await takeBack(change, of: chains, inner) else { break }
                if !isLast, change.inverse.isWorthAnotherTry { return .late }
                tell("\(change.inverse.shortTitle) stays: \(why)", scope)
            }
        } catch {
            undoFailed()
            let error = SecretMask.hide(in: error)
            var (subject, help) = ("", error.help)
            if case .block(_, _, let title) = undo {
                subject = "step \(title): "
                if let run = recorder?.number {
                    help = (help.map { "\($0); " } ?? "") + "`relsh undo \(run)` calls its undo again"
                }
            }
            tell("undo failed: \(subject)\(error.message)" + (help.map { " (\($0))" } ?? ""), scope)
            return .failed
        }
        return .done
    }

    private func tell(_ remainder: String, _ scope: Scope) {
        observer.handle(.remains(step: scope.step?.number, text: remainder))
    }

    func call(_ undo: FunctionObject, _ identity: Identity, _ scope: Scope) async throws(RuntimeError) {
        _ = try await drive(Fiber(program: program, function: undo, arguments: [], identity: identity), scope)
    }
}

extension RuntimeError {
    /// The exit code of relsh where something is left that should have been taken back.
    package static let undoIncomplete = 3
}
