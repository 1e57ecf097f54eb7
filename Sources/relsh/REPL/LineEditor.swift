import CLibEdit
import Glibc
import Lang

/// Reads lines from a terminal, with libedit. Pointers are handled here and in no other file of the prompt.
///
/// libedit belongs to the one thread that reads a line; `interrupt` and its like may be called from any other.
final class LineEditor: Sendable {
    enum Line: Sendable, Equatable {
        case text(String)
        /// Ctrl-D, or the terminal is gone.
        case end
        /// Ctrl-C.
        case interrupted
    }

    /// What is asked while a line is being read, on the thread that reads it.
    protocol Help: Sendable {
        /// - Parameter text: what stands before the cursor.
        func complete(_ text: String, _ answer: Answer)
        /// The text at the right of the line; escape sequences between two characters U+0001.
        func hint(_ text: String) -> String
    }

    /// Changes the line that is being read.
    struct Answer {
        fileprivate let editor: OpaquePointer

        func replace(_ count: Int, with text: String) { cledit_replace(editor, count, text) }
        func show(_ text: String) { cledit_print(editor, text) }
        func beep() { cledit_beep(editor) }
    }

    private final class Asked: Sendable {
        let help: any Help
        init(_ help: any Help) { self.help = help }
    }

    /// The address of the C editor, which lives as long as this.
    private let address: UInt
    /// What C holds on to.
    private let asked: Asked
    private var editor: OpaquePointer? { OpaquePointer(bitPattern: address) }

    /// Nil where the terminal cannot be used.
    init?(_ help: any Help) {
        asked = Asked(help)
        let callbacks = cledit_callbacks(
            context: Unmanaged.passUnretained(asked).toOpaque(),
            complete: { context, editor, line, cursor in
                guard let context, let editor, let line else { return }
                let asked = Unmanaged<Asked>.fromOpaque(context).takeUnretainedValue()
                asked.help.complete(LineEditor.text(line, cursor), Answer(editor: editor))
            },
            hint: { context, line, cursor, hint, capacity in
                guard let context, let line, let hint else { return }
                let asked = Unmanaged<Asked>.fromOpaque(context).takeUnretainedValue()
                var bytes = Array(asked.help.hint(LineEditor.text(line, cursor)).utf8)
                // Too long for the line of a terminal, and so for a hint.
                if bytes.count + 1 > capacity { bytes = [] }
                for (offset, byte) in bytes.enumerated() { hint[offset] = CChar(bitPattern: byte) }
                hint[bytes.count] = 0
            })
        guard let made = cledit_new("relsh", callbacks) else { return nil }
        address = UInt(bitPattern: made)
    }

    deinit { if let editor { cledit_free(editor) } }

    private static func text(_ line: UnsafePointer<CChar>, _ count: Int) -> String {
        line.withMemoryRebound(to: UInt8.self, capacity: count) {
            String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF8.self)
        }
    }

    /// Reads one line, or what was pasted at once, on a thread of its own: waiting for a person must keep no other work.
    /// - Parameter prompt: escape sequences between two characters U+0001.
    func read(_ prompt: String) async -> Line {
        await withCheckedContinuation { continuation in
            Self.onThread { [self] in continuation.resume(returning: readHere(prompt)) }
        }
    }

    private func readHere(_ prompt: String) -> Line {
        guard let editor else { return .end }
        var line: UnsafePointer<CChar>?
        switch cledit_read(editor, prompt, &line) {
        case CLEDIT_LINE: return .text(line.map { Self.text($0, strlen($0)) } ?? "")
        case CLEDIT_INTERRUPTED: return .interrupted
        default: return .end
        }
    }

    func remember(_ text: String) { if let editor { cledit_remember(editor, text) } }

    // MARK: From other threads

    func interrupt() { if let editor { cledit_interrupt(editor) } }
    func resized() { if let editor { cledit_resized(editor) } }
    func continued() { if let editor { cledit_continued(editor) } }

    private final class Job: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func onThread(_ body: @escaping @Sendable () -> Void) {
        let job = Unmanaged.passRetained(Job(body))
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, job.toOpaque())
        if failure == 0 { pthread_detach(thread) } else { job.takeRetainedValue().body() }
    }
}
