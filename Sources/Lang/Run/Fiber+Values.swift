// What the loop does out of line to make values: closures, lists, maps and text with values in it.

extension Fiber {
    /// Moves values out of their registers: what stays behind must not keep a list shared that is changed later.
    @inline(__always)
    func take(_ first: Registers, _ count: Int) -> [Value] {
        let values = [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
            if count > 0, let start = buffer.baseAddress { start.moveInitialize(from: first, count: count) }
            initialized = count
        }
        first.initialize(repeating: .null, count: count)
        return values
    }

    /// R[a] = closure of the function's prototype `number`, in whose frame `r` is.
    func makeClosure(_ target: Registers, _ r: Registers, _ number: Int) {
        let prototype = frames[depth - 1].code._withUnsafeGuaranteedRef { $0.prototypes[number] }
        target.put(.object(FunctionObject(prototype, in: r)))
    }

    func loadCapture(_ target: Registers, _ r: Registers, _ index: Int) {
        guard let function = r.unretained(.function, as: FunctionObject.self) else { return }
        target.copy(function._withUnsafeGuaranteedRef { $0.captures } + index)
    }

    func makeList(_ target: Registers, _ first: Registers, _ count: Int) {
        target.put(.list(take(first, count)))
    }

    /// A map with the keys of `template`.
    func makeRecord(_ target: Registers, _ first: Registers, _ template: UnsafePointer<Value>) {
        guard let template = Registers(mutating: template).unretained(.map, as: MapObject.self) else { return }
        template._withUnsafeGuaranteedRef { template in
            let values = take(first, template.entries.count)
            target.put(.map(OrderedMap(keysOf: template.entries, values: values)))
        }
    }

    func extendList(_ target: Registers, _ first: Registers, _ count: Int) {
        guard case .object(let object) = target.pointee, object.tag == .list else { return }
        unsafeDowncast(object, to: ListObject.self).items.append(contentsOf: take(first, count))
    }

    func extendMap(_ target: Registers, _ first: Registers, _ count: Int) {
        guard let map = target.unretained(.map, as: MapObject.self)?.takeUnretainedValue() else { return }
        for pair in 0..<count {
            map.entries.set(first[pair * 2].asString ?? "", (first + pair * 2 + 1).move())
            (first + pair * 2 + 1).initialize(to: .null)
        }
    }

    /// Text with values in it, taken out of their registers. With a secret among them the whole is a secret; with an unknown one,
    /// unknown.
    func interpolate(_ target: Registers, _ first: Registers, _ count: Int) throws(RuntimeError) {
        var size = 0
        for index in 0..<count {
            if case .int(let number) = first[index] {
                size &+= number.digitCount
            } else if let part = (first + index).unretained(.string, as: StringObject.self) {
                size &+= part.byteCount
            } else {
                target.pointee = try interpolateAny(take(first, count))
                return
            }
        }
        try checkTextSize(size)
        let text = String(unsafeUninitializedCapacity: size) { buffer in
            var writer = TextWriter(buffer)
            for index in 0..<count {
                if case .int(let number) = first[index] {
                    writer.write(number, digits: number.digitCount)
                } else if let part = (first + index).unretained(.string, as: StringObject.self) {
                    part._withUnsafeGuaranteedRef { writer.write($0.text) }
                }
            }
            return writer.count
        }
        for index in 0..<count { (first + index).release() }
        target.put(.string(text))
    }

    private func interpolateAny(_ parts: [Value]) throws(RuntimeError) -> Value {
        var text = ""
        var sources: [String] = []
        for part in parts {
            switch part.object?.tag {
            case .unknown: return part
            case .function, .builtin: throw RuntimeError(.value, .interpolatedFunction(part))
            default:
                if case .secret(let secret)? = part.asDomain {
                    sources.append(secret.source)
                    text += secret.text
                } else {
                    if program.planning, let origin = part.plannedOrigin() { return .unknown(origin) }
                    text += part.display
                }
            }
            if text.utf8.count > ValueLimits.textBytes { throw RuntimeError(.limit, ValueLimits.textMessage) }
            try Work.reserve(text.utf8.count)
        }
        if sources.isEmpty { return .string(text) }
        return .domain(.secret(Secret(text, source: sources.joined(separator: ", "))))
    }
}
