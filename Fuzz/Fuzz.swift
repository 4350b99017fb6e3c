import FuzzSupport
import Glibc

/// Called by libFuzzer with each input. `FUZZ_TARGET` names the target.
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
}

private let target: FuzzTarget = {
    let targets =
        CoreFuzzTargets.all + TLSFuzzTargets.all + KitFuzzTargets.all + ToolFuzzTargets.all + ProbeFuzzTargets.all
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) }
    guard let target = targets.first(where: { $0.name == name }) else {
        print("FUZZ_TARGET is one of \(targets.map(\.name).joined(separator: " "))")
        exit(64)
    }
    return target
}()
