import Lang

/// The content of an upload, handed out as requests ask for it: all that is left at once, or so many bytes at a time.
actor UploadSource: ByteSource {
    private let source: any ByteSource
    private let blob: Digest
    private let meter: TransferMeter?
    /// What has been handed out, from the beginning of the blob.
    private var position: Int
    /// What is left of a piece that was longer than a request.
    private var kept: Piece?
    private var left = 0
    private var isLast = true

    /// - Parameter position: where the source begins.
    init(_ source: any ByteSource, of blob: Digest, from position: Int, _ meter: TransferMeter?) {
        self.source = source
        self.blob = blob
        self.position = position
        self.meter = meter
    }

    /// The next request takes so many bytes.
    func begin(_ count: Int, isLast: Bool) {
        left = count
        self.isLast = isLast
    }

    func next() async throws -> Piece? {
        // The end is asked for: it is there that what is damaged comes to light.
        if left == 0 { return isLast ? try await source.next() : nil }
        guard let found = try await takeKept() else { return nil }
        let (piece, rest) = found.split(after: left)
        if !rest.isEmpty { kept = rest }
        left -= piece.count
        position += piece.count
        meter?.reached(position, of: blob)
        return piece
    }

    private func takeKept() async throws -> Piece? {
        defer { kept = nil }
        if let kept { return kept }
        return try await source.next()
    }

    func abandon() async { await source.abandon() }
}
