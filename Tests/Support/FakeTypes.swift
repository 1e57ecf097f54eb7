package import Lang

@testable import Builtins

/// What tests of registries name again and again.
package enum FakeTypes {
    package static let manifest = "application/vnd.oci.image.manifest.v1+json"
    package static let index = "application/vnd.oci.image.index.v1+json"

    package static func digest(_ bytes: [UInt8]) -> Digest { ContentHash.digest(of: bytes) }
}

extension String {
    /// `%2F` is `/`.
    var removingPercentEncoding: String? {
        var bytes: [UInt8] = []
        var rest = Substring(self).utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let digits = String(rest.prefix(2)), let code = UInt8(digits, radix: 16) else { return nil }
            bytes.append(code)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
