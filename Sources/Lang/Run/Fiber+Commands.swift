// How a command becomes argument lists.

extension Fiber {
    func command(
        _ template: PipelineTemplate, _ values: [Value], in prototype: Prototype
    ) throws(RuntimeError) -> CommandRequest {
        var isUnknown = false
        var stages: [CommandRequest.Stage] = []
        for stage in template.stages {
            var arguments: [String] = []
            var counts: [Int] = []
            for word in stage.words {
                do {
                    let more = try words(word, values, &isUnknown)
                    arguments += more
                    counts.append(more.count)
                } catch {
                    throw error.located(SourceLocation(file: prototype.file, range: word.range))
                }
            }
            var environment: [(name: String, value: Secret?, text: String)] = []
            for (name, word) in stage.environment {
                if word.pieces.count == 1, case .value(let index) = word.pieces[0],
                    case .secret(let secret)? = values[index].asDomain
                {
                    environment.append((name, secret, secret.text))
                } else {
                    do {
                        environment.append((name, nil, try text(word, values, &isUnknown)))
                    } catch {
                        throw error.located(SourceLocation(file: prototype.file, range: word.range))
                    }
                }
            }
            if arguments.isEmpty || arguments[0].isEmpty { throw RuntimeError(.value, .emptyProgram()) }
            stages.append(CommandRequest.Stage(arguments: arguments, counts: counts, environment: environment))
        }
        return CommandRequest(stages: stages, captures: template.captures, isUnknown: isUnknown)
    }

    /// One word is one argument, but for a list that stands alone: that is one argument for each item.
    private func words(
        _ word: PipelineTemplate.Word, _ values: [Value], _ isUnknown: inout Bool
    ) throws(RuntimeError) -> [String] {
        if word.splices, case .value(let index) = word.pieces[0], let items = values[index].asList {
            var result: [String] = []
            for item in items { result.append(try text(item, &isUnknown)) }
            return result
        }
        return [try text(word, values, &isUnknown)]
    }

    private func text(
        _ word: PipelineTemplate.Word, _ values: [Value], _ isUnknown: inout Bool
    ) throws(RuntimeError) -> String {
        var result = ""
        for piece in word.pieces {
            switch piece {
            case .text(let text): result += text
            case .value(let index):
                if values[index].asList != nil { throw RuntimeError(.value, .listInsideWord()) }
                result += try text(values[index], &isUnknown)
            }
        }
        return result
    }

    private func text(_ value: Value, _ isUnknown: inout Bool) throws(RuntimeError) -> String {
        switch value {
        case .missing, .null: throw RuntimeError(.value, .wordNotText(value))
        case .bool, .int, .float: return value.display
        case .object(let object):
            switch object.tag {
            case .string:
                let text = unsafeDowncast(object, to: StringObject.self).text
                if text.utf8.contains(0) { throw RuntimeError(.value, .nulInWord()) }
                return text
            case .unknown:
                isUnknown = true
                return UnknownText.mark(value.unknownOrigin ?? "")
            case .domain:
                if case .secret? = value.asDomain { throw RuntimeError(.value, .wordNotText(value)) }
                if program.planning, value.plannedOrigin() != nil { isUnknown = true }
                return value.display
            default: throw RuntimeError(.value, .wordNotText(value))
            }
        }
    }
}

extension RuntimeError {
    fileprivate func located(_ location: SourceLocation) -> RuntimeError {
        var error = self
        error.location = location
        return error
    }
}
