import Testing

/// The built relsh as a person meets it: real projects, a real engine, real registries. One test after the other, as
/// they share the engine, and some of them measure or stop things.
@Suite("relsh, from end to end", .serialized, CleanUp())
enum EndToEnd {}
