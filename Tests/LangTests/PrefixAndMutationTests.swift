import Builtins
import Foundation
import Lang
import TestSupport
import Testing

/// Whatever text comes in, reading it ends, soon, with a program or with errors that have positions, and never traps.
@Suite struct PrefixAndMutationTests {
    /// Everything in the repository that is written in the language, by where it stands.
    private static let programs: [(name: String, text: String)] = {
        var found: [(String, String)] = []
        for folder in ["recipes", "Tests/Diagnostics", "Tests/Recipes", "Tests/Corpus", "examples"] {
            for path in SourceText.paths(under: folder, ending: ".rel") {
                let text = try? String(contentsOf: SourceText.repository.appendingPathComponent(path), encoding: .utf8)
                found.append((path, text ?? ""))
            }
        }
        for path in SourceText.paths(under: "Tests/Transcripts", ending: ".relt") {
            let text = try? String(contentsOf: SourceText.repository.appendingPathComponent(path), encoding: .utf8)
            found.append((path, Transcript(text ?? "").inputs.map(\.text).joined(separator: "\n")))
        }
        return found
    }()

    private static let names = programs.map(\.name)
    private static func text(_ name: String) -> String { programs.first { $0.name == name }?.text ?? "" }

    /// Longer texts are cut into pieces of about this size, so that every prefix of every piece can be tried.
    private static let pieceSize = 300
    /// Of each file; mutations are made of all pieces.
    private static let pieceCount = 6
    /// A text of that size is read in less than a millisecond; this is what a busy machine may need.
    private static let patience = Duration.seconds(60)

    @Test func thereIsSomethingToTry() { #expect(Self.programs.count > 20) }

    @Test(arguments: names)
    func everyPrefixIsRead(name: String) {
        for piece in Self.pieces(of: Array(Self.text(name).utf8)).prefix(Self.pieceCount) {
            for end in 0...piece.count { Self.read(Array(piece[..<end]), "\(name), a prefix of \(end)") }
        }
    }

    @Test(arguments: names)
    func manyMutationsAreRead(name: String) {
        let pieces = Self.pieces(of: Array(Self.text(name).utf8))
        var random = SplitMix(seed: UInt64(name.utf8.reduce(7) { $0 &* 31 &+ Int($1) } & 0xFFFF_FFFF))
        for round in 0..<60 {
            guard let piece = pieces.randomElement(using: &random) else { return }
            Self.read(Self.mutated(piece, &random), "\(name), mutation \(round)")
        }
    }

    /// Texts that have nothing to do with the language.
    @Test func noiseIsRead() {
        var random = SplitMix(seed: 42)
        for round in 0..<500 {
            let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            Self.read(bytes, "noise \(round)")
        }
    }

    private static let openings = [
        "(", "[", "{a: ", "\"${", "-", "not ", "fn() => ", "$(a ${", "if true { ", "f(", "1 + ", "x.", "try { ",
        "match 1 { 1 => ", "a ?? ", "step \"s\" { ", "let x: [", "a | ",
    ]

    @Test(arguments: openings, ["", "}"])
    func deepNestingEndsInAnError(opening: String, closing: String) {
        let depth = 100_000
        let text = String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
        let found = Self.read(Array(text.utf8), "\(opening) nested")
        #expect(!found.isEmpty)
    }

    @Test(arguments: [
        "1 + ", "\"a\" + ", "f().", "x, ", "print(1); ", "[1], ", "a ", "$ echo a\n", "let a = 1\n", "# c\n", "\n",
    ])
    func longTextsAreReadInTime(piece: String) {
        let text = String(repeating: piece, count: 200_000 / max(1, piece.utf8.count)) + "1"
        Self.read(Array(text.utf8), "\(piece) repeated")
    }

    // MARK: Reading

    /// Parses, resolves and compiles, and looks at the findings as a person would see them.
    @discardableResult
    private static func read(_ bytes: [UInt8], _ what: String) -> [Diagnostic] {
        let start = ContinuousClock.now
        let file = SourceFile(name: "test.rel", bytes: bytes)
        let loader = ModuleLoader(catalog: StandardCatalog.catalog) { path throws(ImportFailure) in
            throw ImportFailure("there is no such file")
        }
        let (program, findings) = loader.load(entry: file)
        if !findings.contains(where: { $0.severity == .error }) {
            _ = Compiler(program: program, catalog: StandardCatalog.catalog).compile()
            _ = Compiler(program: program, catalog: StandardCatalog.catalog, planning: true).compile()
        }
        let printer = DiagnosticPrinter(colour: false)
        for finding in findings {
            let range = finding.location.range
            let isInside = range.start >= 0 && range.start <= range.end && range.end <= bytes.count
            #expect(isInside, "\(what): \(finding.message.id) stands outside of the text")
            #expect(!printer.text(finding).isEmpty)
        }
        let elapsed = ContinuousClock.now - start
        #expect(elapsed < patience, "\(what) took \(elapsed): \(String(decoding: bytes.prefix(200), as: UTF8.self))")
        return findings
    }

    /// Cuts at line ends.
    private static func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var piece: [UInt8] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if !piece.isEmpty, piece.count + line.count > pieceSize {
                pieces.append(piece)
                piece = []
            }
            piece += line + [UInt8(ascii: "\n")]
        }
        return pieces + [piece]
    }

    // MARK: Mutations

    /// What tends to upset a reader.
    private static let insertions: [[UInt8]] = {
        let signs = #"( ) [ ] { } ${ " ' """ $ $( | \ # ## ; , . .. ..< ... ?. ?? : = => -> - += == < é 😀"#
        let words = """
            not in and or fn let var if else match for while recipe default step undo try catch defer parallel import \
            return break continue transaction retry timeout fail assert null true 1.2.3 0x 1_ 99999999999999999999 5m 1GiB
            """
        let blanks = ["\n", "\t", "\r", "\u{0}", "\u{202E}", "\u{FEFF}"]
        let broken: [[UInt8]] = [[0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F]]
        let texts =
            signs.split(separator: " ") + words.split(separator: " ").map { "\($0) " } + blanks.map { Substring($0) }
        return texts.map { Array($0.utf8) } + broken
    }()

    private static func mutated(_ piece: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = piece
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let position = Int.random(in: 0...bytes.count, using: &random)
            let length = min(Int.random(in: 1...12, using: &random), bytes.count - position)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.insert(contentsOf: insertions.randomElement(using: &random) ?? [], at: position)
            case 1: bytes.removeSubrange(position..<position + length)
            case 2: bytes.insert(contentsOf: bytes[position..<position + length], at: position)
            case 3 where position < bytes.count: bytes[position] = UInt8.random(in: 0...255, using: &random)
            default:
                // A stretch moves somewhere else.
                let stretch = Array(bytes[position..<position + length])
                bytes.removeSubrange(position..<position + length)
                bytes.insert(contentsOf: stretch, at: Int.random(in: 0...bytes.count, using: &random))
            }
        }
        return bytes
    }

    /// The same numbers every time.
    private struct SplitMix: RandomNumberGenerator {
        private var state: UInt64
        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
