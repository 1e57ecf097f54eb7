import Lang

// How inverses stand in the ledger: short texts that `relsh show --json` can give as they are.

extension Inverse.Subject {
    var stored: String {
        switch self {
        case .localName(let name): "name \(name)"
        case .remoteTag(let image): "tag \(image)"
        case .file(let path): "file \(path)"
        case .gitTag(let name, let isPushed): "\(isPushed ? "pushed-git-tag" : "git-tag") \(name)"
        case .taskDefinition(let family, let region): "task-definition \(family) \(region ?? "-")"
        case .object(let url): "object \(url)"
        case .pullRequest(let head): "pull-request \(head)"
        }
    }

    init?(stored text: String) {
        guard let space = text.firstIndex(of: " ") else { return nil }
        let rest = String(text[text.index(after: space)...])
        switch text[..<space] {
        case "name": self = .localName(rest)
        case "tag": self = .remoteTag(rest)
        case "file": self = .file(rest)
        case "git-tag": self = .gitTag(rest, isPushed: false)
        case "pushed-git-tag": self = .gitTag(rest, isPushed: true)
        case "task-definition":
            let words = rest.split(separator: " ").map(String.init)
            guard words.count == 2 else { return nil }
            self = .taskDefinition(words[0], region: words[1] == "-" ? nil : words[1])
        case "object": self = .object(rest)
        case "pull-request": self = .pullRequest(rest)
        default: return nil
        }
    }
}

extension Inverse.State {
    var stored: String {
        switch self {
        case .absent: "absent"
        case .image(let digest): "image \(digest)"
        case .content(let digest, let count): "content \(digest) \(count)"
        case .directory: "directory"
        case .tree(let entries, let bytes): "tree \(entries) \(bytes)"
        case .link(let target): "link \(target)"
        case .special: "special"
        case .commit(let commit): "commit \(commit)"
        case .named(let name): "named \(name)"
        }
    }

    init?(stored text: String) {
        // A path may have blanks in it.
        if text.hasPrefix("link ") {
            self = .link(String(text.dropFirst(5)))
            return
        }
        let words = text.split(separator: " ").map(String.init)
        switch (words.first, words.count) {
        case ("absent", 1): self = .absent
        case ("directory", 1): self = .directory
        case ("special", 1): self = .special
        case ("tree", 3):
            guard let entries = Int(words[1]), let bytes = Int(words[2]) else { return nil }
            self = .tree(entries: entries, bytes: bytes)
        case ("image", 2):
            guard let digest = try? Digest(parsing: words[1]) else { return nil }
            self = .image(digest)
        case ("content", 3):
            guard let digest = try? Digest(parsing: words[1]), let count = Int(words[2]) else { return nil }
            self = .content(digest, count: count)
        case ("commit", 2): self = .commit(words[1])
        case ("named", 2): self = .named(words[1])
        default: return nil
        }
    }
}

extension Inverse {
    /// The key under which the old content of a file is kept.
    var contentHash: String? {
        guard content != nil, case .content(let digest, _) = before else { return nil }
        return digest.description
    }
}
