import Testing

@testable import Builtins
@testable import Lang

@Suite struct AuthChallengeTests {
    private func parse(_ fields: String...) -> [AuthChallenge] { AuthChallenge.parse(fields) }

    @Test func dockerHubsChallenge() {
        let found = parse(
            #"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/redis:pull,push""#
        )
        #expect(
            found == [
                AuthChallenge(
                    scheme: "bearer",
                    parameters: [
                        "realm": "https://auth.docker.io/token", "service": "registry.docker.io",
                        "scope": "repository:library/redis:pull,push",
                    ])
            ])
    }

    @Test func theReferenceClientsExamples() {
        #expect(
            parse(
                #"Bearer realm="https://auth.example.com",service="registry.example.com",other=fun,slashed="he\"\l\lo""#
            )
                == [
                    AuthChallenge(
                        scheme: "bearer",
                        parameters: [
                            "realm": "https://auth.example.com", "service": "registry.example.com", "other": "fun",
                            "slashed": #"he"llo"#,
                        ])
                ])
        #expect(
            parse(#"Basic realm="https://registry.example.com""#) == [
                AuthChallenge(scheme: "basic", parameters: ["realm": "https://registry.example.com"])
            ])
    }

    @Test func severalInOneField() {
        // The example of RFC 9110, section 11.6.1.
        let found = parse(#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#)
        #expect(found.map(\.scheme) == ["basic", "newauth"])
        #expect(found.last?.parameters == ["realm": "apps", "type": "1", "title": #"Login to "apps""#])
    }

    @Test func severalFieldsAndTokensOf68Characters() {
        let found = parse("Negotiate YIIabc==", "NTLM", #"BEARER Realm = "https://a/t" , service=s"#)
        #expect(found.map(\.scheme) == ["negotiate", "ntlm", "bearer"])
        #expect(found.last?.parameters == ["realm": "https://a/t", "service": "s"])
    }

    @Test(arguments: ["", ",,", "\"", "=", "Basic realm=", "Basic realm=\"", "Basic realm=\"a\\", "a=b=c,,d \u{7}e"])
    func nonsenseEnds(text: String) { #expect(parse(text).count <= 3) }
}
