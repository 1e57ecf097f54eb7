import Testing

extension EndToEnd {
    @Suite("Registries behind a proxy")
    struct RegistryProxies {
        @Test("HTTPS_PROXY is used, and NO_PROXY heeded")
        func tunnel() async throws {
            let directory = TemporaryFiles.newDirectory("certificate")
            let (key, certificate) = (directory + "/key.pem", directory + "/cert.pem")
            try await Host.run(
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=registry.test",
                "-addext", "subjectAltName=DNS:registry.test", "-keyout", key, "-out", certificate)
            let source = try await OwnRegistry()
            let target = try await OwnRegistry(tls: ", tls: {certificate: \"\(certificate)\", key: \"\(key)\"}")
            let digest = try await source.seed("team/app", "1")
            let proxy = try await ScriptServer("connect-proxy.py", [target.address])
            let name = "registry.test:5443/team/app:1"
            let call = "print(registry.copy(Image(\"\(source.address)/team/app:1\"), to: [Image(\"\(name)\")]))"
            var environment = Host.clean
            environment["SSL_CERT_FILE"] = certificate
            environment["HTTPS_PROXY"] = "http://\(proxy.address)"
            try await Host.relsh(["-e", call], environment: environment).expect(0, digest)
            #expect(Set(proxy.lines) == ["CONNECT registry.test:5443 HTTP/1.1"], "and nothing of this machine")

            let before = proxy.lines.count
            environment["NO_PROXY"] = "registry.test"
            try await Host.relsh(["-e", call], environment: environment).expect(1, "no such host: registry.test")
            #expect(proxy.lines.count == before)

            environment["NO_PROXY"] = nil
            environment["SSL_CERT_FILE"] = nil
            try await Host.relsh(["-e", call], environment: environment).expect(1, "SSL_CERT_FILE")
        }
    }
}
