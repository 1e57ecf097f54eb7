package import Lang

/// What can go wrong when programs are run.
extension Message {
    package static func commandFailed(_ line: String, stage: String?, exitCode: Int) -> Message {
        let place = stage.map { ", in its stage `\($0)`" } ?? ""
        return Message("`\(line)` ended with exit code \(exitCode)\(signalDescription(exitCode))\(place)")
    }

    package static func commandTimedOut(_ line: String, after limit: Duration) -> Message {
        Message(
            "`\(line)` did not end within \(limit.value.literal), and was stopped",
            help: "look at the end of its output for what it was waiting for, or allow it more time with `timeout:`")
    }

    package static func commandCancelled(_ line: String) -> Message {
        Message("`\(line)` was cancelled")
    }

    package static func outputTooLong(_ line: String, limit: Int) -> Message {
        Message(
            "`\(line)` printed more than \(limit >> 20) MiB, which is more than can be kept as a value",
            help: "run it as `$ …`, which shows its output and keeps only the end, or have it write to a file")
    }

    // MARK: Programs that cannot be started

    package static func programNotFound(_ program: String, path: String) -> Message {
        Message(
            "cannot run `\(program)`: it was looked for on PATH (\(path)) and is in none of these directories",
            help: installHelp(program) ?? "install it, or add the directory that it is in to PATH")
    }

    package static func programMissing(_ program: String, at place: String) -> Message {
        let tried = program == place ? "there is no such file" : "there is no file \(place)"
        return Message(
            "cannot run `\(program)`: \(tried)", help: "check the path; it is relative to where the command runs")
    }

    package static func programUnusable(_ place: String, _ reason: String) -> Message {
        Message("cannot run \(place): \(reason)")
    }

    package static func noWorkingDirectory(_ directory: String, for line: String, _ reason: String) -> Message {
        Message(
            "cannot run `\(line)` in the directory \(directory): \(reason)",
            help: "check `cwd:`; a relative one is relative to the directory relsh was started in")
    }

    package static func notStarted(
        _ line: String, _ reason: String, interpreter: String? = nil, isNoProgram: Bool = false
    ) -> Message {
        let start = "cannot start `\(line.limited(to: 200))`: "
        if let interpreter {
            return Message(
                "\(start)\(interpreter), which its first line names, is not there",
                help: "install it, or name another after `#!`; a line that ends as Windows ends them names none")
        }
        let help =
            isNoProgram
            ? "a script begins with a line such as `#!/bin/sh`; a program must be one for this machine's processor"
            : nil
        return Message("\(start)\(reason)", help: help)
    }

    package static func commandTooLong(_ program: String, bytes: Int) -> Message {
        Message(
            "cannot start `\(program.limited(to: 200))`: its arguments and environment take \(bytes) bytes, more than the system allows",
            help: "give long text through standard input (`stdin:`) or a file; one argument may have 128 KiB")
    }

    package static func nulInArgument(_ position: Int, of program: String) -> Message {
        Message(
            "argument \(position) of `\(program)` contains a NUL byte, at which the system would cut it off",
            help: "pass such data through standard input (`stdin:`) or a file")
    }

    package static func nulInEnvironment(_ name: String, of program: String) -> Message {
        Message(
            "the environment variable \(name) for `\(program)` contains a NUL byte, at which the system would cut it off",
            help: "pass such data through standard input (`stdin:`) or a file")
    }

    package static func wrongEnvironmentName(_ name: String, of program: String) -> Message {
        Message(
            "the name of an environment variable for `\(program)` must be letters, digits and `_`, but is "
                + Value.string(name).literal)
    }

    package static func noPipe(_ reason: String) -> Message {
        Message("cannot connect a program: \(reason)", help: "`ulimit -n` says how many files relsh may have open")
    }

    package static func noScratchFile(_ reason: String) -> Message {
        Message(
            "cannot keep what a program reads or prints in /dev/shm or /tmp: \(reason)",
            help: "make room in /tmp, or use shorter input")
    }
}

private func installHelp(_ program: String) -> String? {
    switch program {
    case "docker": "install Docker, start its engine, and check with `docker version`"
    case "git": "install git, for example with `apt-get install git`, and check with `git --version`"
    case "python3": "install Python, for example with `apt-get install python3`, and check with `python3 --version`"
    default: nil
    }
}

/// What an exit code above 128 says about the signal that ended a program.
private func signalDescription(_ exitCode: Int) -> String {
    switch exitCode {
    case 130: " (128 + 2: interrupted)"
    case 134: " (128 + 6: it aborted)"
    case 137: " (128 + 9: killed, often for want of memory)"
    case 139: " (128 + 11: it crashed)"
    case 141: " (128 + 13: its reader went away)"
    case 143: " (128 + 15: it was told to stop)"
    default: ""
    }
}

// MARK: - Arguments of `run` and `sh`

extension Message {
    package static func secretInCommand() -> Message {
        Message(
            "a word of a command must not be a Secret: anyone on the machine can read a program's arguments",
            help: "hand it over with `stdin:` or `env:`")
    }

    package static func notAWord(_ position: Int, _ value: Value) -> Message {
        let help: String? =
            switch value.typeName {
            case "List": "join the lists first: `[\"program\"] + more`"
            case "Null": "leave it out, or give a value with `??`"
            default: nil
            }
        return Message("word \(position) of the command must be a Str, but is \(value.described)", help: help)
    }

    package static func wrongEffect(_ effect: String) -> Message {
        Message("`effect` must be \"changes\" or \"reads\", but is \(Value.string(effect).literal)")
    }

    package static func wrongEnvironmentValue(_ name: String, _ value: Value) -> Message {
        Message("the environment variable \(name) must be a Str or a Secret, but is \(value.described)")
    }
}
