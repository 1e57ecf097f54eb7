import Lang

import struct Crypto.SHA256
import struct Crypto.SHA512

/// The digest of content that comes piece by piece.
struct ContentHash: Sendable {
    private enum Function: Sendable {
        case sha256(SHA256)
        case sha512(SHA512)
    }

    private var function: Function

    /// - Parameter algorithm: `sha256` or `sha512`; any other is read as `sha256`, whose digest it then cannot equal.
    init(_ algorithm: String) { function = algorithm == "sha512" ? .sha512(SHA512()) : .sha256(SHA256()) }

    mutating func update(_ piece: Piece) {
        switch function {
        case .sha256(var hash):
            piece.hash(into: &hash)
            function = .sha256(hash)
        case .sha512(var hash):
            piece.hash(into: &hash)
            function = .sha512(hash)
        }
    }

    /// The digest of everything so far.
    var digest: Digest {
        switch function {
        case .sha256(let hash): Digest(sha256: Array(hash.finalize()))
        case .sha512(let hash): Digest(sha512: Array(hash.finalize()))
        }
    }

    static func digest(of bytes: [UInt8], algorithm: String = "sha256") -> Digest {
        var hash = ContentHash(algorithm)
        hash.update(Piece(bytes))
        return hash.digest
    }
}
