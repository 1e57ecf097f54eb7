import Lang
import NIOSSL

/// The certificates that servers are trusted by: the system's, those that `SSL_CERT_FILE` names, and those that docker
/// keeps for one registry in `/etc/docker/certs.d/HOST/ca.crt`.
struct TrustStore: Sendable {
    let files: any FileAccess
    let environment: [String: String]

    /// - Parameter authority: host, and port where one is given.
    /// - Throws: `HTTPFailure` for a file that holds no certificate.
    func context(for authority: String) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        configuration.additionalTrustRoots = try paths(authority).map { .certificates(try certificates($0)) }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw HTTPFailure(.encryption, "encryption cannot be set up: \(error)")
        }
    }

    private func paths(_ authority: String) -> [String] {
        let given = environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        let docker = Path("/etc/docker/certs.d").joined(authority).joined("ca.crt").text
        return [given, files.status(docker) == nil ? nil : docker].compactMap(\.self)
    }

    private func certificates(_ path: String) throws -> [NIOSSLCertificate] {
        do {
            return try NIOSSLCertificate.fromPEMBytes(try files.read(path))
        } catch let error as RuntimeError {
            throw HTTPFailure(.encryption, error.message)
        } catch {
            throw HTTPFailure(.encryption, "\(path) holds no certificate in PEM form")
        }
    }
}
