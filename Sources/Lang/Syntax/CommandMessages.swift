/// What the parser can say of commands: most of it to those who write them as in a shell.
extension Message {
    static func commandNeedsBlank(_ text: String) -> Message {
        if text.hasPrefix("${") {
            return Message(
                "`${…}` stands only in strings and commands", help: "write the expression without `${` and `}`")
        }
        if text == "$" { return Message("`$` must be followed by a blank and a command", help: "write `$ git status`") }
        let name = text.dropFirst()
        return Message(
            "`$` must be followed by a blank and a command, but is `\(text)`",
            help: "a command is written `$ \(name)`, a name `\(name)`, an environment variable `env.get(\"\(name)\")`")
    }

    static func commandNotAtStart() -> Message {
        Message(
            "a `$` command must stand at the start of a statement",
            help: "for its output write `$( … )`; for a command in a branch write `{ $ … }`")
    }

    static func emptyCommand() -> Message {
        Message("a command must name a program, but is empty", help: "write `$ git status`, `$(git status)`")
    }

    static func tooManyWords(limit: Int) -> Message {
        Message(
            "a command must have at most \(limit) words, but this has more",
            help: "read the words from a file: `$ program ${files.lines(\"words.txt\")}`")
    }

    static func commandWithoutProgram() -> Message {
        Message(
            "a command must name a program, but only sets its environment",
            help: "put the program behind: `$ NAME=value program`")
    }

    static func severalCommandsInCapture() -> Message {
        Message("`$( … )` must hold one command, but holds several", help: "write one `$( … )` for each")
    }

    static func commandRedirection() -> Message {
        Message(
            "`>` does not redirect: a command's words go to no shell",
            help: "use `| tee FILE`, `files.write(…)` or `sh(\"…\")`; quote it to pass it on")
    }

    static func commandInput() -> Message {
        Message(
            "`<` does not redirect: a command's words go to no shell",
            help: "use `run([…], stdin: …)` or `sh(\"…\")`; quote it to pass it on")
    }

    static func commandList(_ sign: String) -> Message {
        let fix =
            sign == "&&"
            ? "write two lines: the second runs only if the first succeeds"
            : "use `try { $ … } catch { … }`"
        return Message("`\(sign)` does not join commands", help: fix + "; quote it to pass it on")
    }

    static func commandBackground() -> Message {
        Message("`&` does not run a command in the background", help: "use `parallel { … }`; quote it to pass it on")
    }

    static func commandGlob() -> Message {
        Message(
            "`*` does not match files: a command's words go to no shell",
            help: "use `${paths.glob(\"…\")}`; quote it to pass it on")
    }

    static func commandHome() -> Message {
        Message("`~` is not the home directory here", help: "use `${paths.home()}`; quote it to pass it on")
    }

    static func commandBackticks() -> Message {
        Message("backticks do not run a command", help: "use `${$( … )}`; quote it to pass it on")
    }

    static func commandSubstitution() -> Message {
        Message(
            "`$( … )` in a command must stand in `${ }`",
            help: "write `${$( … )}` for one argument, `${$( … ).lines()}` for one per line")
    }

    static func commandVariable(_ text: String) -> Message {
        let name = text.dropFirst()
        guard name.utf8.first?.isNameStart == true else {
            return Message("`\(text)` has no meaning here", help: "quote it to pass it on: `'\(text)'`")
        }
        return Message(
            "`\(text)` is not replaced by a value",
            help:
                "write `${\(name.lowercased())}` for a name, `${env.get(\"\(name)\")}` for the environment; quote it to pass it on"
        )
    }

    static func commandBackslash() -> Message {
        Message(
            "a backslash must be the last character of the line or stand in quotes",
            help: "quote the word: `'…'` takes everything as it is")
    }

    static func commandParenthesis(_ sign: String) -> Message {
        Message(
            "`\(sign)` must be quoted in a command", help: "quote the word: `'…'`, or use `sh(\"…\")` for shell syntax")
    }

    static func commandBrace(_ sign: String) -> Message {
        Message("a word that is just `\(sign)` must be quoted in a command", help: "write `'\(sign)'`")
    }

    static func commandInArm() -> Message {
        Message("a `$` command after `=>` must stand in a block", help: "write `=> { $ … }`")
    }
}
