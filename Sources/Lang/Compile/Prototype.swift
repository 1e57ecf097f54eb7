/// A compiled function: its instructions and what they refer to. Immutable once compiled and shared by all closures
/// made from it. Code and constants stand in memory of its own, so that the machine reads them by pointer.
package final class Prototype {
    struct ParameterInfo {
        let name: String
        let hasDefault: Bool
    }

    /// Where a closure finds a value it captures: in the function that makes it.
    enum CaptureSource {
        case register(Int)
        case capture(Int)
    }

    /// How the arguments of a call stand: labels, nil for positional ones.
    struct CallShape {
        /// The method's name; empty for a plain call.
        let name: String
        let labels: [String?]
        /// The way to the receiver, for calls and assignments that change a place.
        let path: [PathStep]
        var indexCount: Int { path.count { if case .index = $0 { true } else { false } } }
        var isPositional: Bool { labels.allSatisfy { $0 == nil } }
    }

    enum PathStep {
        case index
        case member(String)
    }

    package let name: String
    /// Where it stands in its file; 0 for a file's own statements and for recipes.
    let start: Int
    let parameters: [ParameterInfo]
    let captures: [CaptureSource]
    /// What the values are called that it captures.
    let captureNames: [String]
    package let file: SourceFile
    /// For each instruction, the source it was compiled from.
    let ranges: [SourceRange]
    let prototypes: [Prototype]
    let types: [ValueType]
    let shapes: [CallShape]
    let builtins: [Builtin]
    let pipelines: [PipelineTemplate]
    let registerCount: Int
    let parameterCount: Int
    /// True for helpers written in the language that belong to a builtin: errors point at their caller.
    let isHidden: Bool
    let code: UnsafeMutablePointer<Instruction>
    let codeCount: Int
    let constants: UnsafeMutablePointer<Value>
    let constantCount: Int
    /// `captures`, for those that make closures.
    let captureTable: UnsafeMutablePointer<CaptureSource>
    let captureCount: Int
    /// One for each shape.
    let sites: UnsafeMutablePointer<MethodSite>
    /// `builtins` without the reference counts.
    let builtinTable: UnsafeMutablePointer<Unmanaged<Builtin>>

    init(
        name: String, start: Int, parameters: [ParameterInfo], captures: [CaptureSource], captureNames: [String],
        file: SourceFile, code: [Instruction],
        ranges: [SourceRange], constants: [Value], prototypes: [Prototype], types: [ValueType], shapes: [CallShape],
        builtins: [Builtin], pipelines: [PipelineTemplate], registerCount: Int, isHidden: Bool
    ) {
        self.name = name
        self.start = start
        self.parameters = parameters
        self.captures = captures
        self.captureNames = captureNames
        self.file = file
        self.ranges = ranges
        self.prototypes = prototypes
        self.types = types
        self.shapes = shapes
        self.builtins = builtins
        self.pipelines = pipelines
        self.registerCount = registerCount
        parameterCount = parameters.count
        self.isHidden = isHidden
        codeCount = code.count
        self.code = .allocate(capacity: max(1, code.count))
        self.code.initialize(from: code, count: code.count)
        constantCount = constants.count
        self.constants = .allocate(capacity: max(1, constants.count))
        self.constants.initialize(from: constants, count: constants.count)
        captureCount = captures.count
        captureTable = .allocate(capacity: max(1, captures.count))
        captureTable.initialize(from: captures, count: captures.count)
        sites = .allocate(capacity: max(1, shapes.count))
        sites.initialize(repeating: MethodSite(), count: shapes.count)
        builtinTable = .allocate(capacity: max(1, builtins.count))
        for (index, builtin) in builtins.enumerated() {
            (builtinTable + index).initialize(to: Unmanaged.passUnretained(builtin))
        }
    }

    deinit {
        code.deinitialize(count: codeCount)
        code.deallocate()
        constants.deinitialize(count: constantCount)
        constants.deallocate()
        captureTable.deallocate()
        sites.deallocate()
        builtinTable.deallocate()
    }

    /// What a call of a method found last time.
    struct MethodSite {
        /// The `typeKey` of the receiver.
        var type = UInt8.max
        /// Kept alive by the catalog.
        var builtin: Unmanaged<Builtin>?
        /// Whether the machine may hand over the arguments as they stand: all by position, and as many as there may be. Otherwise
        /// they have to be bound to parameters first.
        var isPlain = false
        var argumentCount = 0
    }

    /// The method that shape `shape` names, for receivers of this type; nil where the type has none.
    func method(_ shape: Int, of receiver: Value, in catalog: Catalog) -> Builtin? {
        let key = receiver.typeKey
        if sites[shape].type == key { return sites[shape].builtin?.takeUnretainedValue() }
        guard let builtin = catalog.member(shapes[shape].name, of: receiver.typeName) else { return nil }
        let count = shapes[shape].labels.count
        sites[shape] = MethodSite(
            type: key, builtin: Unmanaged.passUnretained(builtin),
            isPlain: shapes[shape].isPositional && shapes[shape].path.isEmpty && !builtin.isVariadic
                && !builtin.isProperty
                && builtin.requiredCount <= count && count <= builtin.parameterCount,
            argumentCount: count)
        return builtin
    }

    /// Where the instruction before `next` stands in the source.
    func location(before next: UnsafePointer<Instruction>) -> SourceLocation {
        let index = next - UnsafePointer(code) - 1
        let range = ranges.indices.contains(index) ? ranges[index] : SourceRange(0, 0)
        return SourceLocation(file: file, range: range)
    }
}

/// A command with holes: what is known when compiling, and the registers' places of what is not.
struct PipelineTemplate {
    enum Piece {
        case text(String)
        /// The value of this number among those handed over.
        case value(Int)
    }

    struct Word {
        let pieces: [Piece]
        /// True where a list becomes as many arguments.
        let splices: Bool
        let range: SourceRange
    }

    struct Stage {
        let environment: [(name: String, value: Word)]
        let words: [Word]
    }

    let stages: [Stage]
    let captures: Bool
    let valueCount: Int
}
