/// The digest of some content, by the
/// [OCI image specification](https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests).
///
/// As the specification asks, a digest of an algorithm that is not registered passes if the grammar does; such a digest
/// can be shown and compared but not verified.
package struct Digest: Sendable, Hashable, CustomStringConvertible {
    /// How the content was hashed: `sha256`.
    package let algorithm: String
    /// The hash itself: 64 lowercase hexadecimal digits for `sha256`, 128 for `sha512`.
    package let encoded: String

    /// Reads a digest such as `sha256:6c3c624b58db…`.
    package init(parsing text: String) throws(ValueError) {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            throw ValueError(
                "digest", mustBe: "algorithm:hash, such as sha256:6c3c…", butIs: text,
                hint: bytes.count == 64 && bytes.allSatisfy(Self.isLowercaseHex) ? "write sha256:\(text)" : nil
            )
        }
        let algorithm = String(decoding: bytes[..<colon], as: UTF8.self)
        let encoded = bytes[(colon + 1)...]
        guard Self.isAlgorithm(bytes[..<colon]) else {
            throw ValueError(
                "algorithm of a digest", mustBe: "lowercase letters and digits, such as sha256", butIs: algorithm)
        }
        if let length = Self.hexLengths[algorithm] {
            guard encoded.count == length, encoded.allSatisfy(Self.isLowercaseHex) else {
                let isUppercase = encoded.count == length && encoded.allSatisfy { Self.isLowercaseHex($0 | 0x20) }
                throw ValueError(
                    "\(algorithm) digest", mustBe: "\(length) lowercase hexadecimal digits",
                    butIs: String(decoding: encoded, as: UTF8.self),
                    hint: isUppercase ? "write it in lowercase" : nil
                )
            }
        } else if encoded.isEmpty || !encoded.allSatisfy(Self.isEncoded) {
            throw ValueError(
                "hash of a digest", mustBe: "letters, digits, \"=\", \"_\" and \"-\"",
                butIs: String(decoding: encoded, as: UTF8.self)
            )
        }
        self.algorithm = algorithm
        self.encoded = String(decoding: encoded, as: UTF8.self)
    }

    /// The digest that a hash stands for.
    package init(sha256 hash: [UInt8]) { self.init("sha256", hash) }
    package init(sha512 hash: [UInt8]) { self.init("sha512", hash) }

    /// Stands in a dry run for a digest that only a real run would know. No content has it: half of it is zeros.
    package static func planned(_ number: Int) -> Digest {
        let digits = String(number, radix: 16)
        return Digest(sha256Text: plannedStart + String(repeating: "0", count: 32 - digits.utf8.count) + digits)
    }

    /// Which of the digests that only a real run would know this stands for; nil for one that is known.
    package var plannedNumber: Int? {
        encoded.hasPrefix(Self.plannedStart) ? Int(encoded.dropFirst(Self.plannedStart.utf8.count), radix: 16) : nil
    }

    private static let plannedStart = String(repeating: "0", count: 32)

    private init(sha256Text: String) {
        algorithm = "sha256"
        encoded = sha256Text
    }

    private init(_ algorithm: String, _ hash: [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        self.algorithm = algorithm
        encoded = String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The digest as it is written: `algorithm:encoded`.
    package var description: String { "\(algorithm):\(encoded)" }

    /// The first 12 characters of the hash, as `docker images` shows them.
    package var short: String { String(encoded.prefix(12)) }

    /// Whether the algorithm is registered with the specification, which is to say that the hash can be verified.
    package var isRegistered: Bool { Self.hexLengths[algorithm] != nil }

    /// The registered algorithms, with the length of their hexadecimal form.
    private static let hexLengths = ["sha256": 64, "sha512": 128]
}

// MARK: - Grammar

extension Digest {
    /// `algorithm-component [algorithm-separator algorithm-component]*`
    private static func isAlgorithm(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.split(omittingEmptySubsequences: false, whereSeparator: { "+._-".utf8.contains($0) })
            .allSatisfy { component in !component.isEmpty && component.allSatisfy(isLowercaseOrDigit) }
    }

    private static func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private static func isLowercaseHex(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private static func isEncoded(_ byte: UInt8) -> Bool {
        isLowercaseOrDigit(byte) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || "=_-".utf8.contains(byte)
    }
}
