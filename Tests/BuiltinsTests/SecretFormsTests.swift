import Foundation
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// Secrets are hidden in what is shown and written, in whatever form they come back.
@Suite struct SecretFormsTests {
    private func hidden(_ text: String, _ secrets: String...) -> String {
        SecretSearch(SecretForms.of(Set(secrets))).hide(in: text, as: "•••")
    }

    private static let secret = "pl4nt+d/s3cret=\"ä b'\\"

    @Test(arguments: [
        secret, "a \(secret) b", #"pl4nt%2Bd%2Fs3cret%3D%22%C3%A4%20b%27%5C"#,
        #"pl4nt%2bd%2fs3cret%3d%22%c3%a4%20b%27%5c"#,
        #"pl4nt%2Bd/s3cret%3D%22%C3%A4%20b%27%5C"#, #"pl4nt%2Bd%2Fs3cret%3D%22%C3%A4%20b'%5C"#,
        #"pl4nt%2Bd%2Fs3cret%3D%22%C3%A4+b%27%5C"#, #"{"a": "pl4nt+d/s3cret=\"ä b'\\"}"#,
        #"{"a": "pl4nt+d\/s3cret=\"\u00e4 b'\\"}"#, #"TOKEN='pl4nt+d/s3cret="ä b'\''\' tool"#,
    ])
    func inURLsJSONAndShellLines(_ text: String) {
        let shown = hidden(text, Self.secret)
        #expect(shown.contains("•••"))
        #expect(!shown.contains("s3cret"), "\(shown)")
    }

    /// What Go, JavaScript and others write, and one in the other.
    @Test(arguments: [
        ("p&ss<w", #"{"t":"p\u0026ss\u003cw"}"#), ("pässwörd", #"{"t":"p\u00E4ssw\u00F6rd"}"#),
        ("K+y/z1==", "https://u:K+y%2Fz1%3D%3D@h/"),
        ("K+y/z1==", "https://u:K+y%2Fz1==@h/"), ("K+y/z1==", #""K\u002By\/z1\u003d\u003d""#),
        ("K+y/z1==", "%4b%2B%79/z1%3D="),
        ("a\"b\\c/d", #""{\"t\":\"a\\\"b\\\\c/d\"}""#), ("K+y/z1==", #""url=K\u002by\u00252Fz1==""#),
        ("pass🦊word", #""pass\ud83e\udd8aword""#),
        ("pass'word", #"'pass\x27word'"#), ("two\nlines", #""two\nlines""#), ("%41%42%43", "%41%42%43"),
    ])
    func howeverItIsWritten(secret: String, text: String) {
        let shown = hidden("a \(text) b %zz \\u12 \\", secret)
        #expect(shown.contains("•••"))
        #expect(shown.hasPrefix("a ") && shown.hasSuffix(" b %zz \\u12 \\"), "\(shown)")
        let rest = shown.replacing("•••", with: "")
        #expect(
            !rest.contains("ss") && !rest.contains("z1") && !rest.contains("41") && !rest.contains("lines"), "\(shown)")
        #expect(hidden(text, "another secret") == text)
    }

    @Test func inBase64AtEachPlaceOfAGroup() throws {
        for before in ["", "u", "me", "abc", "user:"] {
            for after in ["", "x", "yz", ", and more of it"] {
                let encoded = Data((before + Self.secret + after).utf8).base64EncodedString()
                let url = encoded.replacing("+", with: "-").replacing("/", with: "_")
                for text in [encoded, url] {
                    let shown = hidden("Authorization: Basic \(text)", Self.secret)
                    let rest = shown.dropFirst("Authorization: Basic ".count)
                    let parts = rest.split(separator: "•••", omittingEmptySubsequences: false)
                    #expect(parts.count == 2, "\(shown)")
                    // What is left of it are the groups that it shares with what stands around it.
                    let left = parts.reduce(0) { $0 + $1.count }
                    #expect(left <= (before.utf8.count + 2) / 3 * 4 + (after.utf8.count + 2) / 3 * 4 + 6, "\(shown)")
                }
            }
        }
    }

    @Test func inHexadecimalDigits() {
        let digits = Self.secret.utf8.map { String(format: "%02x", $0) }.joined()
        #expect(hidden("0x\(digits)", Self.secret) == "0x•••")
        #expect(hidden(digits.uppercased(), Self.secret) == "•••")
    }

    /// `base64` breaks lines after 76 characters, and a log may begin in the middle.
    @Test func longOnesAreHiddenInPieces() {
        let token = (0..<40).map { "t\($0 * 7919 % 1000)x" }.joined()
        let encoded = Data("Bearer \(token)".utf8).base64EncodedString(options: .lineLength76Characters)
        let lines = hidden(encoded, token).split(whereSeparator: \.isNewline)
        #expect(lines.count > 2)
        for line in lines { #expect(line.replacing("•••", with: "").count < SecretSearch.pieceLength, "\(line)") }
        let middle = String(token.dropFirst(20).dropLast(30))
        #expect(hidden("…\(middle) and so on", token) == "…••• and so on")
        #expect(hidden(String(repeating: "no secret in here. ", count: 50), token).contains("•••") == false)
    }

    @Test func lineByLineWhereItHasSeveral() {
        let key = "-----BEGIN KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END KEY-----"
        #expect(hidden("| MIIEvQIBADAN |", key) == "| ••• |")
        #expect(hidden("key: \(key)!", key) == "key: •••!")
    }

    @Test func whereTwoOverlapBothAreHidden() {
        #expect(hidden("xabcdefx", "abcd", "cdef") == "x•••x")
        #expect(hidden("abcabc", "abc") == "••••••")
        #expect(hidden("ab", "ab") == "ab")
        #expect(hidden("", "abc") == "")
    }

    @Test func otherTextStaysAsItIs() {
        let text = "line\r\n\u{1b}[31mröd\u{0} end"
        #expect(hidden(text, "s3cret") == text)
        #expect(SecretSearch([]).hide(in: text, as: "•••") == text)
    }

    // MARK: In runs

    private func run(_ text: String, _ programs: FakeProcesses = FakeProcesses()) async throws -> ProgramRun {
        let world = World.fake(processes: programs, environment: ["TOKEN": "pl4nted-s3cret"])
        return try await ProgramRun.of(text, world: world, catalog: StandardCatalog.catalog)
    }

    @Test func titlesNotesErrorsAndOutputShowNone() async throws {
        let programs = FakeProcesses()
        programs.answer("leak", with: .init(stdout: "it is pl4nted-s3cret\n"))
        programs.answer("fail", with: .init(exitCode: 3, stderr: "cGw0bnRlZC1zM2NyZXQ= is wrong\n"))
        let run = try await run(
            """
            let token = env.secret("TOKEN")
            step "With ${$(leak)}" {
                ui.note($(leak))
                $ leak
                $ fail
            }
            """, programs)
        let error = try #require(run.error)
        let shown = run.events.joined() + error.message + (error.command?.output ?? "")
        #expect(shown.contains("it is •••") && shown.contains("••• is wrong") == false)
        for form in ["pl4nted", "cGw0bnRlZC1zM2NyZXQ"] { #expect(!shown.contains(form), "\(shown)") }
    }

    @Test func whatIsGivenOutMayBePrinted() {
        KnownSecrets.$current.withValue(KnownSecrets()) {
            let (one, other) = (Secret("first-s3cret", source: ""), Secret("other-s3cret", source: ""))
            let text = "\(one.text) \(other.text)"
            #expect(SecretMask.hide(inPrinted: text) == "••• •••")
            KnownSecrets.current.reveal(one.text)
            #expect(SecretMask.hide(inPrinted: text) == "first-s3cret •••")
            #expect(SecretMask.hide(in: text) == "••• •••")
        }
    }
}
