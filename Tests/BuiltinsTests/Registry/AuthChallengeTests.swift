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

    // What regclient's, Google's and distribution's own tests ask, and what registries were seen to send.
    @Test(arguments: [
        ("BASIC", "basic []"), (#"Basic realm="GitHub Package Registry""#, "basic [realm=GitHub Package Registry]"),
        (#"BaSiC ReAlM="Case insensitive key""#, "basic [realm=Case insensitive key]"),
        ("Basic realm=unquoted", "basic [realm=unquoted]"), ("Basic realm=/", "basic [realm=/]"),
        (
            #"Bearer realm="https://gcr.io/v2/token", service="gcr.io", scope="repository:foo/bar:pull""#,
            "bearer [realm=https://gcr.io/v2/token, scope=repository:foo/bar:pull, service=gcr.io]"
        ),
        (
            #"Bearer realm="https://a/t",service="s",scope="repository:a/b:pull,push,delete repository:c:pull""#,
            "bearer [realm=https://a/t, scope=repository:a/b:pull,push,delete repository:c:pull, service=s]"
        ),
        (
            #"Bearer realm="https://a/t?x=1,2&y=\"q\"",error="invalid_token""#,
            #"bearer [error=invalid_token, realm=https://a/t?x=1,2&y="q"]"#
        ),
        (#"Bearer service="no realm""#, "bearer [service=no realm]"), (#"Bearer realm="""#, "bearer [realm=]"),
        (#"Basic realm="one", Bearer realm="two",service="s""#, "basic [realm=one]; bearer [realm=two, service=s]"),
        (#"Basic, Bearer realm="two""#, "basic []; bearer [realm=two]"),
        (#"Bearer realm="first",realm="second""#, "bearer [realm=first]"),
        (#"Bearer  realm = "spaces" ,\#tservice = "tab""#, "bearer [realm=spaces, service=tab]"),
        (#", , Basic realm="after commas","#, "basic [realm=after commas]"),
        (#"Basic realm="no end"#, "basic [realm=no end]"),
        (#"Basic realm="ends in a slash\"#, #"basic [realm=ends in a slash\]"#),
        (#"Basic realm="Ünïcode""#, "basic [realm=Ünïcode]"),
    ])
    func fieldsAsRegistriesSendThem(field: String, challenges: String) {
        let found = parse(field).map { challenge in
            let parameters = challenge.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return "\(challenge.scheme) [\(parameters.joined(separator: ", "))]"
        }
        #expect(found.joined(separator: "; ") == challenges)
    }

    @Test(arguments: [
        #"Bearer service="s""#, #"Bearer realm="""#, #"Bearer realm="not an address""#, #"Basic realm="x""#,
    ])
    func whatNamesNoTokenServerGivesNoRequest(field: String) throws {
        let challenge = try #require(parse(field).first)
        #expect(TokenRequest(challenge, scopes: []) == nil)
    }

    @Test(arguments: ["", ",,", "\"", "=", "Basic realm=", "Basic realm=\"", "Basic realm=\"a\\", "a=b=c,,d \u{7}e"])
    func nonsenseEnds(text: String) { #expect(parse(text).count <= 3) }
}
