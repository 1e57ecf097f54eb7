package import Lang

/// What files and objects held before runs changed them, as the ledger keeps it: by its digest.
package enum KeptContent {
    /// What prints it.
    static func command(_ digest: Digest) -> String { "relsh show --content \(digest)" }

    /// - Parameter text: a digest, as that command has it.
    package static func bytes(_ text: String, in ledger: Ledger) throws(RuntimeError) -> [UInt8] {
        let digest: Digest
        do throws(ValueError) {
            digest = try Digest(parsing: text)
        } catch {
            throw RuntimeError(any: error)
        }
        let rows = try ledger.read { (ledger) throws(SQLiteError) in
            try ledger.rows("SELECT bytes FROM contents WHERE hash = ?1", [.text(digest.description)])
        }
        guard let bytes = rows.first?.first?.bytes else { throw RuntimeError(.world, .noSuchContent(digest)) }
        return bytes
    }
}
