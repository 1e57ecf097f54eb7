package import Lang

/// What can go wrong when a person is asked.
extension Message {
    package static func nobodyToAsk(_ question: String, remedy: String) -> Message {
        Message("cannot ask \(Value.string(question).literal): there is no terminal", help: remedy)
    }

    package static func noAnswer(_ question: String) -> Message {
        Message(
            "\(Value.string(question).literal) was not answered: the input ended",
            help: "run it again, and answer; Ctrl-D ends the input")
    }

    package static func badAnswers(_ question: String) -> Message {
        Message("\(Value.string(question).literal) must be answered with yes or no, but was not, three times")
    }

    package static func notARow(_ position: Int, _ value: Value) -> Message {
        Message("row \(position) of a table must be a Map, but is \(value.described)")
    }
}
