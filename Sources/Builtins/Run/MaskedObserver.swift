import Lang

/// Passes on what happens without the secrets in it.
struct MaskedObserver: RunObserver {
    let inner: any RunObserver

    var watchesCommands: Bool { inner.watchesCommands }

    func handle(_ event: RunEvent) { inner.handle(KnownSecrets.current.version == 0 ? event : event.masked) }
}

extension RunEvent {
    fileprivate var masked: RunEvent {
        func hidden(_ text: String) -> String { SecretMask.hide(in: text) }
        switch self {
        case .stepStarted(let number, let parent, let title):
            return .stepStarted(number, parent: parent, title: hidden(title))
        case .stepFinished(let number, .failed(let message), let elapsed):
            return .stepFinished(number, .failed(hidden(message)), elapsed: elapsed)
        case .commandStarted(let number, let step, let line):
            return .commandStarted(number, step: step, line: hidden(line))
        case .commandOutput(let number, let step, let line):
            return .commandOutput(number, step: step, line: hidden(line))
        case .liveOutput(let step, let command, let line):
            return .liveOutput(step: step, command: hidden(command), line: hidden(line))
        case .commandFinished(let number, let step, let line, let code, let output, let elapsed):
            return .commandFinished(
                number, step: step, line: hidden(line), exitCode: code, output: hidden(output), elapsed: elapsed)
        case .transferStarted(let number, let step, let place, let total):
            return .transferStarted(number, step: step, place: hidden(place), total: total)
        case .planned(let step, let line): return .planned(step: step, line: hidden(line))
        case .note(let step, let text): return .note(step: step, text: hidden(text))
        case .remains(let step, let text): return .remains(step: step, text: hidden(text))
        case .stepFinished, .transferred, .transferFinished: return self
        }
    }
}
