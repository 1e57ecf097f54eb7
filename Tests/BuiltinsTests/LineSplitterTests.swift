import Testing

@testable import Builtins

@Suite("Lines of output")
struct LineSplitterTests {
    /// The lines of a text that comes in pieces of a size.
    private func lines(_ text: String, pieces size: Int) -> [String] {
        var splitter = LineSplitter()
        var lines: [String] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { splitter.feed($0) { lines.append($0) } }
        }
        splitter.end { lines.append($0) }
        return lines
    }

    @Test("the pieces that a text comes in make no difference", arguments: [1, 2, 3, 7, 1000])
    func pieces(_ size: Int) {
        #expect(lines("", pieces: size) == [])
        #expect(lines("a", pieces: size) == ["a"])
        #expect(lines("a\nb\n", pieces: size) == ["a", "b"])
        #expect(lines("\n\na\n\n", pieces: size) == ["", "", "a", ""])
        #expect(lines("a\r\nb\r\n\r\nc", pieces: size) == ["a", "b", "", "c"])
        #expect(lines("10%\r20%\r30%\ndone", pieces: size) == ["10%", "20%", "30%", "done"])
        #expect(lines("\r\r10%\r\rnext\n", pieces: size) == ["10%", "next"])
        #expect(lines("é🚢\n漢\n", pieces: size) == ["é🚢", "漢"])
    }

    @Test("a line that is too long is cut between characters", arguments: [1000, 65_536, 1_000_000])
    func longLines(_ size: Int) {
        let long = "x" + String(repeating: "漢", count: 50_000)
        let found = lines("\(long)\nshort\n", pieces: size)
        #expect(found.count == 2)
        #expect(found.first == "x" + String(repeating: "漢", count: (LineSplitter.limit - 1) / 3) + "…")
        #expect(found.last == "short")
    }

    @Test("a line of exactly the longest length is whole", arguments: [1000, 65_536, 1_000_000])
    func longestLine(_ size: Int) {
        let line = String(repeating: "x", count: LineSplitter.limit)
        #expect(lines(line + "\n", pieces: size) == [line])
    }
}
