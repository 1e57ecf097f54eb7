extension Parser {
    // MARK: Recipes

    /// `recipe name(version: Version, ...dev.release) -> Str { … }`
    func parseRecipe(isDefault: Bool) throws(SyntaxError) -> Statement.Kind {
        let start = token.range.start
        let documentation = takeDocumentation()
        if context.isInBlock { report(.misplacedDeclaration("recipe"), token.range) }
        if isDefault { advance() }
        advance()
        let name = try parseName("the name of the recipe")
        guard token.kind == .leftParenthesis, !isAfterLineEnd else {
            throw noParameters("a recipe", name.text)
        }
        var tallest = 0
        let outer = try open()
        var items: [RecipeDeclaration.Item] = []
        while token.kind != .rightParenthesis {
            items.append(token.kind == .ellipsis ? try parseSpread() : .parameter(try parseParameter(&tallest)))
            if !take(.comma) { break }
        }
        try close(outer)
        let result = take(.arrow) ? try parseType() : nil
        let body = try parseBlock("the parameters of the recipe")
        height = max(height, tallest)
        let recipe = RecipeDeclaration(
            name: name, isDefault: isDefault, documentation: documentation, items: items, result: result, body: body,
            range: range(from: start))
        return .recipe(recipe)
    }

    private func noParameters(_ what: String, _ name: String) -> SyntaxError {
        if token.kind == .endOfFile || token.kind == .invalid {
            return unexpected { .expectedToken("(", "after the name", $0) }
        }
        let name = what == "a recipe" ? "recipe \(name)" : "fn \(name)"
        return SyntaxError(.missingParameters(what, Message.shortened(name)), SourceRange(previous.start, previous.end))
    }

    /// `...dev.release`
    private func parseSpread() throws(SyntaxError) -> RecipeDeclaration.Item {
        let start = token.range.start
        advance()
        var names = [try parseName("the name of a recipe after `...`")]
        while take(.dot) {
            guard token.kind.isWord else { throw unexpected { .expectedName("a name after `.`", $0) } }
            names.append(Name(tokenText, token.range))
            advance()
        }
        return .spread(names, range(from: start))
    }

    private func takeDocumentation() -> String? {
        lexer.documentation.map { lexer.documentationText($0) }
    }

    /// `version: Version = …`, with its `##` lines above.
    private func parseParameter(_ tallest: inout Int) throws(SyntaxError) -> Parameter {
        let start = token.range.start
        let documentation = takeDocumentation()
        if token.kind == .ellipsis { throw mistake(.spreadInFunction()) }
        let name = try parseName("the name of a parameter")
        let type = take(.colon) ? try parseType() : nil
        var defaultValue: Expression?
        if take(.assign) {
            defaultValue = try parseExpression()
            tallest = max(tallest, height)
        }
        return Parameter(
            name: name, type: type, defaultValue: defaultValue, documentation: documentation,
            range: range(from: start))
    }

    // MARK: Functions

    func parseFunctionDeclaration() throws(SyntaxError) -> Statement.Kind {
        let documentation = takeDocumentation()
        let start = token.range.start
        try enter()
        advance()
        let name = try parseName("the name of the function")
        guard token.kind == .leftParenthesis, !isAfterLineEnd else { throw noParameters("a function", name.text) }
        let function = try parseFunction(from: start)
        leave()
        return .function(FunctionDeclaration(name: name, function: function, documentation: documentation))
    }

    /// `fn(x) => …`, `fn(x) { … }`
    func parseClosure() throws(SyntaxError) -> Expression {
        let start = token.range.start
        advance()
        if token.kind == .name, !isAfterLineEnd {
            throw mistake(.namedFunctionAsValue(tokenText))
        }
        guard token.kind == .leftParenthesis, !isAfterLineEnd else {
            throw unexpected { .expectedToken("(", "after `fn`", $0, help: "write `fn(x) => …`") }
        }
        let function = try parseFunction(from: start)
        try grow(height)
        return Expression(range: function.range, kind: .closure(function))
    }

    /// Parameters, result and body; the parenthesis is in hand.
    private func parseFunction(from start: Int) throws(SyntaxError) -> Function {
        var tallest = 0
        let outer = try open()
        var parameters: [Parameter] = []
        while token.kind != .rightParenthesis {
            parameters.append(try parseParameter(&tallest))
            if !take(.comma) { break }
        }
        try close(outer)
        let result = take(.arrow) ? try parseType() : nil
        let body = try parseFunctionBody()
        height = max(height, tallest)
        return Function(parameters: parameters, result: result, body: body, range: range(from: start))
    }

    private func parseFunctionBody() throws(SyntaxError) -> Block {
        if token.kind == .doubleArrow, !isAfterLineEnd {
            advance()
            return try parseBodyAfterArrow()
        }
        guard token.kind == .leftBrace else {
            throw unexpected { .expectedBlock("the parameters", $0, help: "write `=> value` or `{ … }`") }
        }
        return try parseBlock("the parameters")
    }

    // MARK: Bodies after `=>`

    /// What follows `=>`: a block, or one expression or short statement, which stands for the block that holds it.
    func parseBodyAfterArrow() throws(SyntaxError) -> Block {
        if token.kind == .leftBrace, !isMapAhead() { return try parseBlock("`=>`") }
        try enter(cost: 2)
        let start = token.range.start
        let kind: Statement.Kind
        switch token.kind {
        case .return: kind = try parseReturn()
        case .break, .continue:
            kind = token.kind == .break ? .break : .continue
            height = 1
            advance()
        case .fail: kind = try parseFail()
        case .dollar: throw mistake(.commandInArm())
        default: kind = try parseExpressionStatement()
        }
        leave(cost: 2)
        try grow(height + 1)
        let range = range(from: start)
        return Block(range: range, statements: [Statement(range: range, kind: kind)])
    }

    /// Behind `=>`, `{` begins a map if `}`, `name:` or `"string":` follows.
    func isMapAhead() -> Bool {
        var ahead = lexer
        let first = ahead.next()
        if first.kind == .rightBrace { return true }
        if first.kind.isQuote {
            ahead.skipString(first.kind)
        } else if !first.kind.isWord {
            return false
        }
        return ahead.next().kind == .colon
    }

    // MARK: Imports

    /// `import "lib/images.rel"`, `import "lib/images.rel" as pictures`
    func parseImport() throws(SyntaxError) -> Statement.Kind {
        if context.isInBlock { report(.misplacedDeclaration("import"), token.range) }
        advance()
        guard token.kind.isQuote, !isAfterLineEnd else { throw unexpected { .importPath($0) } }
        let start = token.range.start
        let path = try parsePlainString("the path of an import")
        let pathRange = range(from: start)
        if token.kind == .name, tokenText == "as", !isAfterLineEnd {
            advance()
            let name = try parseName("a name after `as`")
            return .import(ImportDeclaration(path: path, pathRange: pathRange, name: name))
        }
        let name = Parser.importedName(path)
        var lexer = Lexer(Array(name.utf8))
        let isName = lexer.next().kind == .name && lexer.position == lexer.bytes.count
        guard isName else { throw mistake(.importName(path, Parser.nameLike(name)), at: pathRange) }
        return .import(ImportDeclaration(path: path, pathRange: pathRange, name: Name(name, pathRange)))
    }

    /// The last part of a path, without `.rel`.
    private static func importedName(_ path: String) -> String {
        let file = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        return String(file.hasSuffix(".rel") ? file.dropLast(4) : file)
    }

    private static func nameLike(_ text: String) -> String {
        var name = ""
        for byte in text.utf8.prefix(40) {
            name.unicodeScalars.append(byte.isNamePart ? Unicode.Scalar(byte) : "_")
        }
        if name.isEmpty || name.allSatisfy({ $0 == "_" }) { return "library" }
        if name.utf8.first?.isDigit == true { return "_" + name }
        return Token.Kind.keywords[name] == nil ? name : name + "s"
    }
}
