import Lang

/// The content of an upload, handed out as requests ask for it: all that is left at once, or so many bytes at a time.
actor UploadSource: ByteSource {
    private let source: any ByteSource
    private let blob: Digest
    private let meter: TransferMeter?
    /// What has been handed out, from the beginning of the blob.
    private var position: Int
    /// What is left of a piece that was longer than a request.
    private var kept: [UInt8] = []
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

    func next() async throws -> [UInt8]? {
        // The end is asked for: it is there that what is damaged comes to light.
        if left == 0 { return isLast ? try await source.next() : nil }
        var piece = kept
        kept = []
        if piece.isEmpty {
            guard let found = try await source.next() else { return nil }
            piece = found
        }
        if piece.count > left {
            kept = Array(piece[left...])
            piece.removeLast(kept.count)
        }
        left -= piece.count
        position += piece.count
        meter?.reached(position, of: blob)
        return piece
    }

    func abandon() async { await source.abandon() }
}
