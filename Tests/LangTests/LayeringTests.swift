import Foundation
import Testing

/// Who may know whom, and who may touch what: read from the sources, so that the order of the folders stays true.
@Suite struct LayeringTests {
    // MARK: Folders of Lang

    /// A folder names only types of those before it.
    private static let order = ["Source", "Values", "Regex", "Syntax", "Types", "Check", "Compile", "Run", "Editing"]

    /// What may be named although it is declared in a later folder, and by whom.
    ///
    /// A builtin's body takes values, a compiled constant is a value, and a value may be a compiled function or a
    /// builtin: one knot, which these names and no others tie.
    private static let exceptions: [String: Set<String>] = [
        // What can be called: checked and compiled against, declared where bodies can take values.
        "Check": ["Builtin", "Catalog"],
        // Constants are values, and what comes out of the compiler is what the machine runs.
        "Compile": ["Builtin", "Catalog", "Value", "BuiltinObject", "Program"],
    ]

    private static let lang = SourceText.all.filter { $0.path.hasPrefix("Sources/Lang/") }

    @Test func theFoldersAreThoseInOrder() {
        let folders = Set(Self.lang.filter { $0.folder != "Sources/Lang" }.map(Self.layer))
        #expect(folders == Set(Self.order))
    }

    @Test func aFolderNamesNoTypeOfALaterOne() {
        var seen: [String: Set<String>] = [:]
        for (position, folder) in Self.order.enumerated() {
            let files = Self.files(folder)
            // A nested type may be called like one elsewhere: what a folder declares is its own.
            let own = Set(files.flatMap { Self.declarations(in: $0, nested: true) })
            for later in Self.order[(position + 1)...] {
                let types = Set(Self.files(later).flatMap { Self.declarations(in: $0, nested: false) }).subtracting(own)
                for file in files {
                    let named = types.intersection(file.words)
                    seen[folder, default: []].formUnion(named)
                    let wrong = named.subtracting(Self.exceptions[folder] ?? []).sorted()
                    #expect(wrong.isEmpty, "\(file.path) names types of \(later): \(wrong)")
                }
            }
        }
        for (folder, names) in Self.exceptions {
            #expect(names.isSubset(of: seen[folder] ?? []), "an exception of \(folder) is not needed any more")
        }
    }

    private static func files(_ folder: String) -> [SourceText] {
        lang.filter { layer($0) == folder }
    }

    /// The folder of Lang a file stands in; folders in it belong to it.
    private static func layer(_ file: SourceText) -> String {
        let parts = file.folder.split(separator: "/")
        return parts.count > 2 ? String(parts[2]) : ""
    }

    /// The types a file declares; without `nested` those that others can name by their own name.
    private static func declarations(in file: SourceText, nested: Bool) -> [String] {
        let declaration = /^( *)((?:[a-z]+ )*)(?:struct|class|enum|protocol|actor|typealias) ([A-Z]\w*)/
        return file.code.split(separator: "\n").compactMap { line in
            guard let match = line.firstMatch(of: declaration) else { return nil }
            let isHidden = match.2.contains("private")
            return nested || (match.1.isEmpty && !isHidden) ? String(match.3) : nil
        }
    }

    // MARK: Imports

    @Test func langImportsNothingButSynchronization() {
        for file in Self.lang { #expect(Self.imports(file).subtracting(["Synchronization"]).isEmpty, "\(file.path)") }
    }

    @Test func builtinsKnowNothingOfTheProgram() {
        for file in SourceText.all where file.path.hasPrefix("Sources/Builtins/") {
            #expect(!Self.imports(file).contains("relsh"), "\(file.path)")
        }
    }

    /// The files that are the world: processes, descriptors, files and clocks are touched here, and reached by builtins
    /// through `World` alone.
    private static let world: Set<String> = [
        "Process/ByteStream.swift", "Process/ChildGuard.swift", "Process/Descriptor.swift",
        "Process/LineSplitter.swift",
        "Process/LiveProcesses.swift", "Process/ProcessGroups.swift", "Process/ProgramLookup.swift",
        "Process/Stage.swift", "Process/TerminalHandover.swift",
        "Run/FileName.swift", "Run/LiveFiles.swift", "Run/LiveFiles+Writing.swift", "Run/LiveMemory.swift",
        "Run/LiveWorld.swift",
        "HTTP/AnswerBody.swift", "HTTP/ExchangeHandler.swift", "HTTP/HTTPConnection.swift",
        "HTTP/HTTPFailure+Connection.swift", "HTTP/LiveHTTP.swift", "HTTP/LoopExecutor.swift", "HTTP/Piece.swift",
        "HTTP/TrustStore.swift",
        "HTTP/TunnelHandler.swift",
        "Ledger/SQLite.swift", "Ledger/LedgerThread.swift", "Ledger/LedgerPlace.swift", "Ledger/ProcessMark.swift",
        "Ledger/Drill.swift",
        // The number of this process, which makes names of containers and scratch files unique.
        "Docker/UniqueName.swift",
        // The person's number: what suites write into mounted directories should be theirs.
        "TestRuns/SuiteRun.swift",
    ]

    @Test func onlyTheWorldTouchesTheSystem() {
        let system: Set<String> = [
            "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Subprocess", "SystemPackage", "System",
            "NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL", "CMalloc",
            "CSQLite",
        ]
        var found: Set<String> = []
        for file in SourceText.all where file.path.hasPrefix("Sources/Builtins/") {
            guard !Self.imports(file).isDisjoint(with: system) else { continue }
            let name = String(file.path.dropFirst("Sources/Builtins/".count))
            found.insert(name)
            #expect(Self.world.contains(name), "\(name) imports \(Self.imports(file).intersection(system).sorted())")
        }
        let idle = Self.world.subtracting(found).sorted()
        #expect(idle.isEmpty, "the list names files that need the system no more")
    }

    private static func imports(_ file: SourceText) -> Set<String> {
        let statement = /(?m)^(?:@\w+ |[a-z]+ )*import (?:struct |func |enum |class )?(\w+)/
        return Set(file.code.matches(of: statement).map { String($0.1) })
    }

    // MARK: What nobody writes

    @Test(arguments: [
        "@unchecked", "try!", "as!", "fatalError", "preconditionFailure", "nonisolated(unsafe)",
        "@preconcurrency import", "@testable",
    ])
    func nobodyWrites(what: String) {
        for file in SourceText.all { #expect(!file.code.contains(what), "\(file.path) has `\(what)`") }
    }

    /// Where pointers are handled, and casts that are not checked.
    private static let unsafe: Set<String> = [
        // The machine: registers, code and constants are reached by pointer.
        "Lang/Compile/Instruction.swift", "Lang/Compile/Prototype.swift", "Lang/Run/Fiber.swift",
        "Lang/Run/Fiber+Access.swift", "Lang/Run/Fiber+Calls.swift", "Lang/Run/Fiber+Commands.swift",
        "Lang/Run/Fiber+Iteration.swift",
        "Lang/Run/Fiber+Loop.swift", "Lang/Run/Fiber+Operators.swift", "Lang/Run/Fiber+Rare.swift",
        "Lang/Run/Fiber+Values.swift", "Lang/Run/Registers.swift", "Lang/Run/Arguments.swift",
        "Lang/Run/Value.swift", "Lang/Run/Value+Objects.swift", "Lang/Run/Program.swift",
        // Text by its bytes.
        "Lang/Run/TextBytes.swift", "Lang/Run/TextParts.swift", "Lang/Run/TextSearch.swift",
        "Lang/Run/TextWriter.swift", "Lang/Run/TwoWaySearch.swift",
        // Entries are copied to registers.
        "Lang/Run/OrderedMap.swift",
        // Names as the system gives them.
        "Builtins/Run/FileName.swift",
        // Bytes on their way from and to descriptors.
        "Builtins/Process/ByteStream.swift", "Builtins/Process/Descriptor.swift", "Builtins/Process/LineSplitter.swift",
        "Builtins/Process/OutputCollector.swift", "Builtins/Run/LiveFiles.swift",
        "Builtins/Run/LiveFiles+Writing.swift", "relsh/REPL/LineEditor.swift", "relsh/Commands/LocalFiles.swift",
        "relsh/Progress/Terminal.swift",
        // Bytes from a connection, hashed where they stand.
        "Builtins/HTTP/Piece.swift",
        // What SQLite is given and gives.
        "Builtins/Ledger/SQLite.swift",
        // The end of the heap.
        "Builtins/Run/LiveMemory.swift",
        // Text hashed by its bytes.
        "Builtins/Core/Items.swift",
        // What the system hands over at the start, and to signal handlers.
        "relsh/Commands/ProgramArguments.swift", "relsh/Interruption.swift",
    ]

    @Test func pointersAreHandledInTheNamedFilesOnly() {
        var found: Set<String> = []
        for file in SourceText.all {
            let words = file.words.filter {
                $0.hasPrefix("Unsafe") || $0.hasPrefix("unsafe") && $0 != "unsafeGitName" || $0.hasPrefix("withUnsafe")
                    || $0 == "Unmanaged"
            }
            if words.isEmpty { continue }
            let name = String(file.path.dropFirst("Sources/".count))
            found.insert(name)
            #expect(Self.unsafe.contains(name), "\(name) uses \(words.sorted())")
        }
        let idle = Self.unsafe.subtracting(found).sorted()
        #expect(idle.isEmpty, "the list names files that handle no pointers any more")
    }
}
