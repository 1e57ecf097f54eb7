package import Builtins
import Glibc
package import Lang

/// A ledger of a test's own, in a directory that goes with it.
package final class LedgerFixture: Sendable {
    /// What one run is recorded by.
    package struct Session: Sendable {
        package let recorder: Recorder
        package let resuming: Resuming
        package init(recorder: Recorder, resuming: Resuming) {
            self.recorder = recorder
            self.resuming = resuming
        }
    }

    package let path: String
    package let ledger: Ledger
    private let directory: String

    package init() {
        directory = "/tmp/relsh-ledger-\(getpid())-\(UInt64.random(in: .min ... .max))"
        mkdir(directory, 0o700)
        path = directory + "/ledger.db"
        ledger = Ledger(LedgerPlace(path: path, isOurs: false))
    }

    deinit {
        for end in ["", "-wal", "-shm"] { unlink(path + end) }
        rmdir(directory)
    }

    /// Another connection, as another process has one.
    package func reopened() -> Ledger { Ledger(LedgerPlace(path: path, isOurs: false)) }

    /// Runs a program and records it, as a new run or as a further attempt of one.
    package func run(
        _ text: String, in world: World, resuming number: Int? = nil, force: Bool = false, again: Bool = false,
        lock: RemoteLock? = nil, catalog: Catalog = StandardCatalog.catalog
    ) async throws -> ProgramRun {
        let (program, _) = ProgramRun.load(text, catalog: catalog)
        let start = RunStart(
            recipe: nil, program: program, words: ["test.rel"], settings: [""], directory: world.workingDirectory,
            version: "test")
        let ledger = reopened()
        let past = try number.map { try PastRun.load($0, from: ledger) }
        let recorder = Recorder(ledger, start, past: past)
        var resuming = Resuming()
        resuming.force = force
        resuming.again = again
        let run = try await ProgramRun.of(
            text, world: world, catalog: catalog, recordedIn: Session(recorder: recorder, resuming: resuming),
            lock: lock)
        try await recorder.end(run.error)
        return run
    }

    /// Makes the last run look as if it had died in the effect whose call begins so.
    package func die(in call: String) throws {
        try ledger.write { (ledger) throws(SQLiteError) in
            let run = try ledger.rows("SELECT max(id) FROM runs").first?.first ?? .null
            let effect = "(SELECT identity FROM effects WHERE run = ?1 AND substr(call, 1, length(?2)) = ?2)"
            try ledger.run(
                "UPDATE changes SET state = 'intended' WHERE run = ?1 AND effect = \(effect)", [run, .text(call)])
            try ledger.run(
                "DELETE FROM steps WHERE run = ?1 AND started > (SELECT started FROM effects WHERE run = ?1 AND identity = \(effect))",
                [run, .text(call)])
            try ledger.run(
                """
                UPDATE steps SET ended = NULL, ending = NULL, result = NULL WHERE run = ?1
                    AND substr(\(effect), 1, length(identity) + 1) = identity || '/'
                """, [run, .text(call)])
            try ledger.run(
                "DELETE FROM effects WHERE run = ?1 AND sequence > (SELECT sequence FROM effects WHERE run = ?1 AND identity = \(effect))",
                [run, .text(call)])
            try ledger.run(
                "UPDATE effects SET ended = NULL, ending = NULL, result = NULL WHERE run = ?1 AND identity = \(effect)",
                [run, .text(call)])
            try ledger.run("UPDATE runs SET ended = NULL, ending = NULL WHERE id = ?1", [run])
            try ledger.run("UPDATE attempts SET process = 'gone' WHERE run = ?1", [run])
        }
    }

    package func report(_ number: Int? = nil) throws -> RunReport {
        try RunReport.load(try RunSummary.named(number.map(String.init), in: ledger), from: ledger)
    }
}
