import FuzzSupport
import Glibc

/// The function that libFuzzer calls with each input. `FUZZ_TARGET` selects the part of the core that reads it.
///
/// `Scripts/fuzz` compiles this folder, the targets, which are among the tests, and the code under test as one module.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.check(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    } catch {
        print(error)
        fflush(nil)
        abort()
    }
    return 0
}

/// The parts of the core that read what a stranger sends.
enum FuzzTarget: String, CaseIterable {
    /// A server's session, whole and in pieces.
    case session
    /// The replies of a server to a client.
    case reply
    /// The header of the PROXY protocol.
    case proxy
    /// A message that is shown to a person.
    case message
    /// The response of a name server.
    case dns
}

private let target: FuzzTarget = {
    let targets = CoreFuzzTargets.all + KitFuzzTargets.all + ProbeFuzzTargets.all
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) }
    guard let target = targets.first(where: { $0.name == name }) else {
        print("FUZZ_TARGET is one of \(targets.map(\.name).joined(separator: " "))")
        exit(64)
    }
    return target
}()

/// Ends the run, with a word on what was found.
func expect(_ isTrue: Bool, _ failure: @autoclosure () -> String) {
    guard !isTrue else { return }
    print(failure())
    fflush(nil)
    abort()
}

/// Cuts bytes at places that one byte of the input decides.
struct Cutter {
    private var state: UInt32

    init(_ seed: UInt8) { state = UInt32(seed) &* 2_654_435_761 | 1 }

    /// The length of the next piece.
    mutating func next() -> Int {
        state = state &* 1_664_525 &+ 1_013_904_223
        return Int(state >> 24) % 40 + 1
    }

    /// The pieces of some bytes.
    mutating func pieces(of octets: ArraySlice<UInt8>) -> [[UInt8]] {
        var rest = octets
        var pieces: [[UInt8]] = []
        while !rest.isEmpty {
            let piece = rest.prefix(next())
            rest = rest.dropFirst(piece.count)
            pieces.append(Array(piece))
        }
        return pieces
    }
}
