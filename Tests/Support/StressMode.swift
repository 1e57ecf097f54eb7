package import Builtins
import Lang

/// `make sanitize` sets `RELSH_STRESS`: the machine then comes up for air at every second back-edge or call, so that whatever it
/// keeps in locals or registers is put away and taken up again everywhere it can be.
package enum StressMode {
    package static let isOn = World.inheritedEnvironment()["RELSH_STRESS"] != nil
    /// What tests give to `Interpreter.Options`.
    package static let slice = isOn ? 2 : Fiber.slice
    package static var options: Interpreter.Options {
        var options = Interpreter.Options()
        options.slice = slice
        return options
    }
}
