package import Lang

/// What a person wants to know of an image, besides its name.
package enum ImageDetails {
    /// `sha256:0123456789ab  182 MB`, one for each; empty for one that is not on this machine, or where docker does not answer.
    package static func find(_ images: [ImageReference], in world: World) async -> [String] {
        var details: [String] = []
        for image in images {
            var options = ProcessOptions()
            options.timeout = .seconds(2)
            options.collectsAtEnd = true
            let words = ["docker", "image", "inspect", "--format", "{{.Id}} {{.Size}}", image.familiar]
            let outcome = try? await world.processes.run([ProcessRequest(words)], options)
            let parts = outcome?.stdout.split(whereSeparator: \.isWhitespace) ?? []
            guard outcome?.exitCode == 0, parts.count == 2, let bytes = Int(parts[1]) else {
                details.append(outcome == nil ? "" : "not on this machine")
                continue
            }
            details.append("\(parts[0].prefix("sha256:".count + 12))  \(amount(bytes))")
        }
        return details
    }

    /// In the units docker counts in, which are those of the SI.
    private static func amount(_ bytes: Int) -> String {
        var (value, unit) = (Double(bytes), 0)
        while value >= 1000, unit < 4 { (value, unit) = (value / 1000, unit + 1) }
        let digits = value < 10 && unit > 0 ? (value * 10).rounded() / 10 : value.rounded()
        let text = digits == digits.rounded() ? String(Int(digits)) : String(digits)
        return "\(text) \(["B", "kB", "MB", "GB", "TB"][unit])"
    }
}
