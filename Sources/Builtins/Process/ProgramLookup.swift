import Glibc
import Lang
import Synchronization

/// A request that was checked: its program exists, and nothing in it would be cut short on its way to the system.
struct PreparedProgram: Sendable {
    /// Absolute.
    let path: String
    let arguments: [String]
    let environment: ChildEnvironment

    /// - Parameters:
    ///   - inherited: relsh's own environment.
    ///   - directory: what a program written with a `/` is relative to; absolute.
    ///   - known: where programs were found before.
    /// - Throws: `RuntimeError` where the program cannot be run, saying why.
    init(_ request: ProcessRequest, inherited: ChildEnvironment, directory: String, known: KnownPrograms) throws {
        guard let program = request.arguments.first, !program.isEmpty else {
            throw RuntimeError(.command, .noProgram())
        }
        try PreparedProgram.check(request)
        environment = inherited.adding(request.environment).adding(request.secrets.mapValues(\.text))
        arguments = request.arguments
        if let place = known.place(of: program, in: environment.path), case .runnable = Self.suitability(place) {
            path = place
        } else {
            path = try PreparedProgram.find(program, path: environment.path, directory: directory)
            if !program.utf8.contains(UInt8(ascii: "/")) { known.note(path, of: program, in: environment.path) }
        }
    }

    /// What the system counts when it starts the program.
    var size: Int {
        arguments.reduce(0) { $0 + $1.utf8.count + 1 } + environment.entries.reduce(0) { $0 + $1.count }
    }

    private static func check(_ request: ProcessRequest) throws {
        let program = request.arguments[0]
        for (position, argument) in request.arguments.enumerated() where argument.utf8.contains(0) {
            throw RuntimeError(.command, .nulInArgument(position, of: program))
        }
        let additions = request.environment.map { ($0, $1) } + request.secrets.map { ($0, $1.text) }
        for (name, value) in additions {
            guard ChildEnvironment.isName(name) else {
                throw RuntimeError(.command, .wrongEnvironmentName(name, of: program))
            }
            guard !value.utf8.contains(0) else { throw RuntimeError(.command, .nulInEnvironment(name, of: program)) }
        }
    }

    /// As `execvp` finds it, but never in a relative directory of PATH: which program runs must not depend on where.
    private static func find(_ program: String, path: String?, directory: String) throws -> String {
        if program.utf8.contains(UInt8(ascii: "/")) {
            let place = Path(directory).joined(program).text
            switch suitability(place) {
            case .runnable: return place
            case .missing: throw RuntimeError(.command, .programMissing(program, at: place))
            case .unusable(let reason): throw RuntimeError(.command, .programUnusable(place, reason))
            }
        }
        var unusable: (place: String, reason: String)?
        let path = path ?? "/usr/local/bin:/usr/bin:/bin"
        for folder in path.utf8.split(separator: UInt8(ascii: ":")) where folder.first == UInt8(ascii: "/") {
            let place = Path(String(Substring(folder))).joined(program).text
            switch suitability(place) {
            case .runnable: return place
            case .missing: continue
            case .unusable(let reason): if unusable == nil { unusable = (place, reason) }
            }
        }
        if let unusable { throw RuntimeError(.command, .programUnusable(unusable.place, unusable.reason)) }
        throw RuntimeError(.command, .programNotFound(program, path: path))
    }

    private enum Suitability {
        case runnable, missing
        case unusable(String)
    }

    private static func suitability(_ place: String) -> Suitability {
        var status = stat()
        guard stat(place, &status) == 0 else {
            return errno == ENOENT || errno == ENOTDIR ? .missing : .unusable(errorText(errno))
        }
        if status.st_mode & S_IFMT == S_IFDIR { return .unusable("it is a directory") }
        if status.st_mode & S_IFMT != S_IFREG { return .unusable("it is not a file") }
        return access(place, X_OK) == 0 ? .runnable : .unusable("it is not executable; `chmod +x` makes it so")
    }
}

/// Where programs were found in a PATH, as shells remember it too: it may have many directories.
final class KnownPrograms: Sendable {
    private struct Question: Hashable {
        let program: String
        let path: String?
    }

    private let places = Mutex<[Question: String]>([:])

    func place(of program: String, in path: String?) -> String? {
        places.withLock { $0[Question(program: program, path: path)] }
    }

    func note(_ place: String, of program: String, in path: String?) {
        places.withLock { $0[Question(program: program, path: path)] = place }
    }
}

/// Refuses a working directory that is none, before a program is started there.
func checkWorkingDirectory(_ directory: String, for line: String) throws {
    var status = stat()
    guard !directory.utf8.contains(0), stat(directory, &status) == 0 else {
        throw RuntimeError(.command, .noWorkingDirectory(directory, for: line, errorText(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
        throw RuntimeError(.command, .noWorkingDirectory(directory, for: line, "it is not a directory"))
    }
}

/// How many bytes the system lets a program be given (execve(2), "Limits on size of arguments and environment").
enum ArgumentLimits {
    /// One argument or variable.
    static var single: Int { 32 * sysconf(Int32(_SC_PAGESIZE)) }
    /// All of them together.
    static var total: Int { sysconf(Int32(_SC_ARG_MAX)) }
}
