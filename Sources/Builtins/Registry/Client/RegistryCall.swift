/// One request to a registry, with what it is for.
struct RegistryCall: Sendable {
    var request: HTTPRequest
    /// What a token for it has to allow.
    let scopes: [RegistryScope]
    /// As it stands after "cannot": `read the manifest of ghcr.io/team/app:dev`.
    let purpose: String
    /// The statuses that are answers, besides those of success.
    var answers: Set<Int> = []
    /// The statuses that whoever calls knows what to do about: they come as the `RegistryFailure` that they are.
    var refusals: Set<Int> = []
    /// Whether it waits for its answer even when its task is cancelled: what a registry was told to do with a tag, it may do later,
    /// and whoever takes it back has to know.
    var outlivesCancelling = false

    init(
        _ method: String, _ url: WebAddress, scopes: [RegistryScope], to purpose: String, fields: HTTPFields = [:],
        body: HTTPBody = .empty, answers: Set<Int> = []
    ) {
        request = HTTPRequest(method, url, fields: fields, body: body)
        self.scopes = scopes
        self.purpose = purpose
        self.answers = answers
    }

    func isAnswer(_ status: Int) -> Bool { (200..<300).contains(status) || answers.contains(status) }
}

/// Why a call came to nothing.
struct RegistryFailure: Error, Sendable {
    enum Cause: Sendable {
        case status(Int, RegistryErrorBody, retryAfter: Double?)
        case http(HTTPFailure)
    }

    let cause: Cause
    /// `PUT https://ghcr.io/v2/team/app/manifests/dev`
    let line: String
    let registry: String

    var outcome: RetryPolicy.Outcome {
        switch cause {
        case .status(let status, _, let wait): .status(status, retryAfter: wait)
        case .http(let failure): .failure(failure.kind)
        }
    }

    /// What came back, for a person.
    var reason: String {
        switch cause {
        case .status(let status, let body, _):
            "\(registry) answered \(status)" + (body.text.map { " (\($0))" } ?? "") + " to \(line)"
        case .http(let failure): "\(line): \(failure.reason)"
        }
    }
}
