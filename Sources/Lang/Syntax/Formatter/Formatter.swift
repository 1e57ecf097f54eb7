/// Writes a file in the one style of the language.
///
/// 1. The file is parsed; one with errors is left alone.
/// 2. `FormatTokens` cuts it into tokens with their comments. Strings and commands are one token each.
/// 3. `LayoutBuilder` walks the tree and takes the tokens in order. It adds them to a `Layout`: a line of items with
///    breaks between them, in groups that are broken or not as a whole.
/// 4. `LayoutPrinter` decides for each group whether it fits on its line, and writes.
///
/// What a group holds decides about it, never how it stood in the file, with these exceptions, which are the writer's:
/// a comma behind the last element breaks its group, a block of several lines stays one, a line that begins with `.`
/// stays one, and between statements, elements and arms one empty line is kept. The result has the same for all of them,
/// so formatting it again changes nothing.
///
/// A newline or a comment stands between the same two tokens as before, where it was allowed; others are added only where
/// the grammar allows them always: inside brackets, behind an operator, before a `.`.
package struct Formatter {
    /// Why a file was not formatted.
    package struct Failure: Error {
        package let diagnostics: [Diagnostic]
    }

    /// The text of a file as it should be written, or its syntax errors.
    package static func format(_ file: SourceFile) -> Result<String, Failure> {
        let (tree, diagnostics) = Parser.parse(file)
        if !diagnostics.isEmpty { return .failure(Failure(diagnostics: diagnostics)) }
        let layout = LayoutBuilder.layout(tree)
        return .success(String(decoding: LayoutPrinter.text(layout, of: file.bytes), as: UTF8.self))
    }
}
