// `undo` blocks as data: where one stands, and the values it would use. Another process that has compiled the same sources
// makes the block of it again.

/// A value that an `undo` block uses.
package struct UndoValue {
    /// What the recipe calls it.
    package let name: String
    package let value: Value

    package init(name: String, value: Value) {
        self.name = name
        self.value = value
    }
}

extension FunctionObject {
    /// Where it stands: the file, and where in it.
    package var place: (file: String, start: Int) { (prototype.file.identity, prototype.start) }

    /// What it has captured, in order.
    package var captured: [UndoValue] {
        (0..<captureCount).map { UndoValue(name: prototype.captureNames[$0], value: captures[$0]) }
    }
}

extension Program {
    /// The `undo` block that stands there, with the values given it; nil where the program has none.
    package func undo(in file: String, at start: Int, captured: [Value]) -> FunctionObject? {
        var pending = entries + globalFunctions
        while let prototype = pending.popLast() {
            if prototype.name == "undo", prototype.start == start, prototype.file.identity == file,
                prototype.captures.count == captured.count
            {
                return FunctionObject(prototype, captured: captured)
            }
            pending += prototype.prototypes
        }
        return nil
    }

    /// The values of file-level names that a function uses, itself or through the functions it calls; those that are set.
    package func globals(usedBy function: FunctionObject) -> [Int: UndoValue] {
        var used: [Int: UndoValue] = [:]
        var seen: Set<Int> = []
        var pending = [function.prototype]
        while let prototype = pending.popLast() {
            pending += prototype.prototypes
            for slot in prototype.globalSlots where seen.insert(slot).inserted {
                if functions[slot] != nil, let code = globals[slot].object?.function?.prototype {
                    pending.append(code)
                } else if case .missing = globals[slot] {
                    continue
                } else {
                    used[slot] = UndoValue(name: globalNames[slot], value: globals[slot])
                }
            }
        }
        return used
    }

    /// Gives a file-level name the value it had, where the program has it in the same place.
    package func setGlobal(_ slot: Int, _ value: UndoValue) -> Bool {
        guard globalNames.indices.contains(slot), globalNames[slot] == value.name else { return false }
        globals[slot] = value.value
        return true
    }

    private var globalFunctions: [Prototype] {
        globalNames.indices.compactMap { functions[$0] == nil ? nil : globals[$0].object?.function?.prototype }
    }
}

extension SourceFile {
    /// What comes from no file, as an input of a prompt, is told apart by its name.
    fileprivate var identity: String { path.isEmpty ? name : path }
}

extension Prototype {
    /// The file-level names it reads or calls.
    fileprivate var globalSlots: [Int] {
        (0..<codeCount).compactMap { index in
            switch code[index].opcode {
            case .loadGlobal: code[index].bx
            case .callGlobal: code[index].c
            default: nil
            }
        }
    }
}
