import Testing

@testable import Lang

@Suite("A digest, by the OCI image specification")
struct DigestTests {
    static let hex64 = "6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b"
    static let hex128 = hex64 + hex64

    static let valid: [(text: String, algorithm: String, encoded: String, isRegistered: Bool)] = [
        ("sha256:\(hex64)", "sha256", hex64, true),
        ("sha512:\(hex128)", "sha512", hex128, true),
        // The examples of the specification that are valid but not supported.
        (
            "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8", "multihash+base58",
            "QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8", false
        ),
        (
            "sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564", "sha256+b64u",
            "LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564", false
        ),
        ("sha384_foo+bar.baz-1:d3fc=", "sha384_foo+bar.baz-1", "d3fc=", false),
        ("0:0", "0", "0", false),
    ]

    @Test("reads every valid text", arguments: valid)
    func reads(_ text: String, _ algorithm: String, _ encoded: String, _ isRegistered: Bool) throws {
        let digest = try Digest(parsing: text)
        #expect(digest.algorithm == algorithm)
        #expect(digest.encoded == encoded)
        #expect(digest.isRegistered == isRegistered)
        #expect(digest.description == text)
    }

    static let invalid = [
        "", "     ", ":", "sha256", "sha256:", ":\(hex64)", hex64, "sha256:" + String(repeating: " ", count: 64),
        "sha256:\(hex64.uppercased())", "sha256:\(hex64)0", "sha256:\(hex64.dropLast())", "sha256:\(hex64.dropLast())g",
        "sha512:\(hex64)", "SHA256:\(hex64)", "sha384__foo:abc", "+sha256:abc", "sha256+:abc", "foo:", "foo:a b",
        "foo:a:b", "foo:a/b", "fö:a", "foo:\u{FF11}", "sha256:\(hex64)\n", "sha256:\(hex64)\u{301}", "foo:a\0", "foo:🚀",
        "sha256 :\(hex64)", String(repeating: "a", count: 300_000), String(repeating: ":", count: 300_000),
    ]

    @Test("refuses every invalid text", arguments: invalid)
    func refusal(_ text: String) {
        #expect(throws: ValueError.self) { try Digest(parsing: text) }
    }

    @Test("is short with the first twelve digits")
    func short() throws {
        #expect(try Digest(parsing: "sha256:\(Self.hex64)").short == "6c3c624b58db")
        #expect(try Digest(parsing: "foo:abc").short == "abc")
    }

    @Test("says what to write")
    func hints() {
        let bare = #expect(throws: ValueError.self) { try Digest(parsing: Self.hex64) }
        #expect(bare?.hint == "write sha256:\(Self.hex64)")
        let uppercase = #expect(throws: ValueError.self) { try Digest(parsing: "sha256:\(Self.hex64.uppercased())") }
        #expect(uppercase?.hint == "write it in lowercase")
        let short = #expect(throws: ValueError.self) { try Digest(parsing: "sha256:abc") }
        #expect(short?.message == "sha256 digest must be 64 lowercase hexadecimal digits, but is \"abc\"")
    }
}
