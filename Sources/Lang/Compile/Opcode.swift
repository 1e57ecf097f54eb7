/// What the machine can do.
///
/// A function has a window of registers `R[0]…R[n-1]` on the fiber's stack. `R[0]` holds the function itself, parameters
/// follow, then locals, then temporaries. A call lays out callee and arguments in consecutive registers, and the
/// callee's window begins there, so that passing arguments copies nothing. `K` are the constants, `G` the globals.
/// Operands are named `a`, `b`, `c` (16 bits); `bx` is `b` and `c` joined, signed for jumps (relative to the next
/// instruction). A `fused` comparison reads its jump from the instruction after it.
enum Opcode: UInt8 {
    /// Nothing; what operators that are compiled to jumps have in the table.
    case nop

    // Loading
    /// R[a] = K[bx]
    case loadConstant
    /// R[a] = null
    case loadNull
    /// R[a] = "not given"
    case loadMissing
    /// R[a] = b != 0
    case loadBool
    /// R[a] = signed bx
    case loadInt
    /// R[a] = R[b]
    case move
    /// R[a] = R[b], which is let go: for a temporary whose value has found its place
    case take
    /// R[a] = G[bx]; an error while it has not been set
    case loadGlobal
    /// G[bx] = R[a]
    case storeGlobal
    /// R[a] = captured value b of R[0]
    case loadCapture
    /// R[a] = closure of prototype bx, capturing what the prototype names
    case closure

    // Making values
    /// R[a] = [R[b] … R[b+c-1]], taken out of their registers
    case makeList
    /// R[a] = the map with the keys of K[c] and the values R[b]…, taken out of their registers
    case makeRecord
    /// R[a].append(R[b] … R[b+c-1])
    case extendList
    /// R[a] = {R[b]: R[b+1], …}, c pairs
    case makeMap
    /// c further pairs from R[b] into R[a]
    case extendMap
    /// R[a] = the text of R[b] … R[b+c-1] joined
    case interpolate

    // Operators: R[a] = R[b] op R[c]
    case add, subtract, multiply, divide, remainder
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case contained, notContained
    /// R[a] = R[b] op K[c], the comparison d
    case compareConstant
    case closedRange, halfOpenRange
    /// R[a] = R[b] op signed c
    case addImmediate, multiplyImmediate, divideImmediate, remainderImmediate
    /// R[a] = -R[b]
    case negate
    /// R[a] = not R[b]
    case not

    // Jumps
    /// pc += bx
    case jump
    /// As `jump`, backwards: a place where the machine may yield.
    case loop
    /// if not R[a]: pc += bx. R[a] must be a Bool.
    case jumpIfFalse
    case jumpIfTrue
    case jumpIfNull
    case jumpIfNotNull
    /// if R[a] was given: pc += bx
    case jumpIfGiven
    /// if R[a] is unknown (dry run only): pc += bx
    case jumpIfUnknown
    /// Fused: unless R[a] op R[b], take the next instruction's jump; otherwise skip it.
    case unlessEqual, unlessNotEqual, unlessLess, unlessLessOrEqual, unlessGreater, unlessGreaterOrEqual
    /// Fused: unless R[a] op signed b
    case unlessLessImmediate, unlessLessOrEqualImmediate, unlessGreaterImmediate, unlessGreaterOrEqualImmediate
    case unlessEqualImmediate, unlessNotEqualImmediate
    /// Fused: unless R[a] op K[b], the comparison d
    case unlessConstant
    /// if R[a] is unknown: R[a] = true and R[b] = true (dry run: plan both branches)
    case testUnknown
    /// R[a] = how much has been asked of the interpreter so far (dry run only)
    case countRequests
    /// if R[b]: what was asked since R[a] may not be asked by a real run (dry run only); c is 1 where it may be asked again
    case noteUncertain

    // Loops: R[a] sequence, R[a+1] position, R[a+2] (and R[a+3]) the loop's names
    /// Checks that R[a] can be iterated and sets the position. b is the number of names.
    case forStart
    /// Next element into R[a+2], or pc += bx at the end.
    case forNext
    /// Key and value, or position and item, into R[a+2] and R[a+3], or pc += bx at the end.
    case forNextPair

    // Access
    /// R[a] = R[b][R[c]]
    case getIndex
    /// R[a] = R[b][R[c] .. R[c+1]] or R[b][R[c] ..< R[c+1]] of a Str, skipping two instructions: those that make the range and
    /// take the part, which go on wherever this one does not apply
    case getClosedSlice, getHalfOpenSlice
    /// R[a] = R[b].name, the name being K[c]
    case getMember
    /// The place in R[b] that shape c names = R[a + 1 + number of index keys]; index keys from R[a+1]
    case setPlace
    /// As `setPlace`, for a shape that is one index key: R[b][R[a+1]] = R[a+2]
    case setIndex
    /// R[a] = the value at the place in R[b] that shape c names; index keys from R[a+1]
    case getPlace
    /// R[a…a+c-1] = the items of R[b], which must be c
    case unpack

    // Calls: the result is left in R[a]
    /// R[a](R[a+1] … R[a+b])
    case call
    /// Calls the function in G[c], whose b arguments stand from R[a+1] in declared order
    case callGlobal
    /// As `call`, arguments bound to parameters by shape c; b arguments
    case callShaped
    /// Builtin c with b arguments from R[a+1], in declared order
    case callBuiltin
    /// R[a+1].name(R[a+2] …): b arguments, shape c
    case callMethod
    /// R[a] = receiver.name(…), shape c, where the machine does that itself: then it skips what follows, which is the same with
    /// the arguments in their registers. b is the receiver; a and b of the next instruction are the arguments, and c is how
    /// many instructions come after it. d has two bits for each of the three: in R, K or G.
    case callDirect
    /// R[a] = R[b].split(R[c]).len(), skipping what follows as `callDirect` does. d has two bits for each operand: in R, K or G,
    /// and 3 for the second where it is .lines().len().
    case countParts
    /// A method that changes the place in R[b] that shape c names; index keys from R[a+1], then the arguments
    case callMutating
    /// Leaves the function with R[a].
    case `return`

    // Types and matching
    /// R[a] must be of type b; c is the constant that names what is checked
    case checkType
    /// R[a] = R[b] is of type c
    case matchType
    /// R[a] = R[b] equals R[c], whatever their types
    case matchEqual
    /// R[a] = R[b] is an Int within the range R[c]
    case matchRange
    /// No arm fits R[a].
    case matchFailed

    // Errors
    /// Raises R[a]: a Str or an Error.
    case raise
    /// Raises "assertion failed": K[bx] is its source, R[a] the message or null
    case assertionFailed
    /// Goes on raising the Error R[a] as it was.
    case rethrow
    /// Raises the Error R[a] with a word of R[b], which arose in a `defer` while R[a] unwound; R[b] alone where `catch` may see R[a]
    /// and not R[b].
    case rethrowFirst
    /// Errors that `catch` may see land at pc + bx with the Error in R[a].
    case pushCatch
    /// Whatever unwinds lands at pc + bx with the Error in R[a].
    case pushCleanup
    case popHandler
    /// R[a] = the next pc; pc += bx
    case callSubroutine
    /// pc = R[a]
    case endSubroutine

    // Release constructs, handed out to the interpreter
    /// Begins a step titled R[a]; b is its kind. The interpreter may answer with the value it had, which is left in R[a]
    /// and continues at the next instruction's jump target; otherwise that jump is skipped.
    case enterStep
    /// The step ended with R[a].
    case leaveStep
    /// The step ended with the Error R[a].
    case failStep
    /// R[a] is a function that takes back what the step did.
    case registerUndo
    /// Runs the functions R[a+1] … R[a+b] at once, at most R[a] (or null) at a time; their results as a list
    case parallel
    /// Runs R[a+2] for each element of R[a+1], at most R[a] at a time; b is its number of parameters
    case parallelFor
    /// Runs pipeline c with the values R[b]…; R[a] = its output, or null for one that is shown
    case command
    /// A new attempt of `retry` begins or ends: its effects are told apart from those of the last one.
    case enterAttempt
    case leaveAttempt
    /// Checks `retry`'s arguments: R[a] attempts, R[a+1] is set to 1, R[a+2] pause or null
    case retryStart
    /// R[a] attempts, R[a+1] this one, R[a+2] pause, R[a+3] the Error: counts and pauses, or raises it
    case retryNext
    /// At most R[a] from now on.
    case enterTimeout
    case leaveTimeout
    /// The Error R[a] passes the end of `timeout`, which may turn it into its own.
    case failTimeout
}
