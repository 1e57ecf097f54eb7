// The domain types cross the bridge as themselves. Where a string is the natural way to write one (an image, a path), a
// parameter of that type also takes a `Str` and reads it.

extension Version: Bridged {
    package static var valueType: ValueType { .version }
    package static func from(_ value: Value) -> Version? {
        if case .version(let version)? = value.asDomain { version } else { nil }
    }
    package var value: Value { .domain(.version(self)) }
}

extension ImageReference: Bridged {
    package static var valueType: ValueType { .image }
    package static func from(_ value: Value) throws -> ImageReference? {
        if let text = value.asString { return try ImageReference(parsing: text) }
        if case .image(let image)? = value.asDomain { return image }
        return nil
    }
    package var value: Value { .domain(.image(self)) }
}

extension Digest: Bridged {
    package static var valueType: ValueType { .digest }
    package static func from(_ value: Value) throws -> Digest? {
        if let text = value.asString { return try Digest(parsing: text) }
        if case .digest(let digest)? = value.asDomain { return digest }
        return nil
    }
    package var value: Value { .domain(.digest(self)) }
}

extension Duration: Bridged {
    package static var valueType: ValueType { .duration }
    package static func from(_ value: Value) -> Duration? {
        if case .duration(let duration)? = value.asDomain { duration } else { nil }
    }
    package var value: Value { .domain(.duration(self)) }
}

extension Size: Bridged {
    package static var valueType: ValueType { .size }
    package static func from(_ value: Value) -> Size? {
        if case .size(let size)? = value.asDomain { size } else { nil }
    }
    package var value: Value { .domain(.size(self)) }
}

extension Path: Bridged {
    package static var valueType: ValueType { .path }
    package static func from(_ value: Value) -> Path? {
        if let text = value.asString { return Path(text) }
        if case .path(let path)? = value.asDomain { return path }
        return nil
    }
    package var value: Value { .domain(.path(self)) }
}

extension Registry: Bridged {
    package static var valueType: ValueType { .registry }
    package static func from(_ value: Value) -> Registry? {
        if case .registry(let registry)? = value.asDomain { registry } else { nil }
    }
    package var value: Value { .domain(.registry(self)) }
}

extension Secret: Bridged {
    package static var valueType: ValueType { .secret }
    package static func from(_ value: Value) -> Secret? {
        if case .secret(let secret)? = value.asDomain { secret } else { nil }
    }
    package var value: Value { .domain(.secret(self)) }
}

extension CommandResult: Bridged {
    package static var valueType: ValueType { .commandResult }
    package static func from(_ value: Value) -> CommandResult? {
        if case .commandResult(let result)? = value.asDomain { result } else { nil }
    }
    package var value: Value { .domain(.commandResult(self)) }
}

extension RuntimeError: Bridged {
    package static var valueType: ValueType { .error }
    package static func from(_ value: Value) -> RuntimeError? {
        if case .error(let error)? = value.asDomain { error } else { nil }
    }
    package var value: Value { .domain(.error(self)) }
}
