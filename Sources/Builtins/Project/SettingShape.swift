import Lang

/// What may stand in `relsh.toml`: declared once, and from it come the check of names and types, the suggestions and
/// the names of environment variables.
indirect enum SettingShape: Sendable {
    case text
    case texts
    /// A text, or `false` for none.
    case textOrOff
    /// A whole number, not below 1.
    case count
    /// A table with these keys and no others.
    case table([(key: String, shape: SettingShape)])
    /// A table whose keys are names that the project gives.
    case named(SettingShape)

    static let project = SettingShape.table([
        ("name", .text),
        ("changelog", .text),
        ("platforms", .texts),
        ("builder", .text),
        (
            "registries",
            .named(
                .table([
                    ("base", .text), ("stages", .texts), ("username", .text), ("password_env", .text), ("login", .text),
                    ("scheme", .text),
                ]))
        ),
        ("stages", .named(.table([("dockerfile", .text), ("ignore", .text)]))),
        ("git", .table([("main_branch", .text), ("issue_prefix", .text)])),
        ("notifications", .named(.table([("url_env", .text), ("field", .text)]))),
        ("checklists", .table([("pre_release", .texts), ("post_release", .texts)])),
        ("airflow", .table([("dags", .text)])),
        ("ledger", .table([("keep_runs", .count), ("keep_output", .count)])),
        ("lock", .table([("remote", .textOrOff), ("lease", .text)])),
        ("tests", .named(.table([("command", .texts), ("timeout", .text), ("where", .text)]))),
    ])

    /// As a message says it: "must be …".
    var description: String {
        switch self {
        case .text: "text in quotes"
        case .texts: "a list of texts in quotes"
        case .textOrOff: "text in quotes, or false"
        case .count: "a whole number above 0"
        case .table, .named: "a table"
        }
    }

    /// The shape of what stands at a path; nil where nothing may.
    func shape(at path: some Sequence<String>) -> SettingShape? {
        var shape = self
        for key in path {
            switch shape {
            case .table(let fields):
                guard let field = fields.first(where: { $0.key == key }) else { return nil }
                shape = field.shape
            case .named(let inner): shape = inner
            case .text, .texts, .textOrOff, .count: return nil
            }
        }
        return shape
    }

    /// The paths of all texts and lists there can be, given the names that `value` uses.
    func leaves(in value: Value?, at path: [String] = []) -> [[String]] {
        switch self {
        case .text, .texts, .textOrOff, .count: [path]
        case .table(let fields):
            fields.flatMap { $0.shape.leaves(in: value?.asMap?[$0.key], at: path + [$0.key]) }
        case .named(let inner):
            (value?.asMap?.keys ?? []).flatMap { inner.leaves(in: value?.asMap?[$0], at: path + [$0]) }
        }
    }
}
