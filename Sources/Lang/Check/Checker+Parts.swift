// Parts of a version or an image that its text shows: an image with a tag in its literal has one, though most images may
// have none.

extension Checker {
    /// The properties of a value that are there for certain, though their type has null.
    func presentParts(_ expression: Expression) -> Set<String> {
        switch expression.kind {
        case .name(let name): variable(name).map { variables[$0].presentParts } ?? []
        case .call(let call): presentParts(call)
        default: []
        }
    }

    private func presentParts(_ call: Call) -> Set<String> {
        switch call.callee.kind {
        case .name(let name):
            guard call.arguments.count == 1, case .string(let text) = call.arguments[0].value.kind else { return [] }
            switch name {
            case "Version":
                guard let version = try? Version(parsing: text) else { return [] }
                return Checker.present(["prerelease": version.prerelease != nil, "build": version.build != nil])
            case "Image":
                guard let image = try? ImageReference(parsing: text) else { return [] }
                return Checker.present(["tag": image.tag != nil, "digest": image.digest != nil])
            default: return []
            }
        // `image.with(tag: "dev")`
        case .member(_, let name, _) where name.text == "with":
            let given = call.arguments.filter { argument in
                switch argument.value.kind {
                case .string, .interpolation: true
                default: false
                }
            }
            return Set(given.compactMap { $0.label?.text })
        default: return []
        }
    }

    private static func present(_ parts: [String: Bool]) -> Set<String> { Set(parts.filter(\.value).keys) }
}
