/// How long tests wait for what should come at once.
package enum Patience {
    /// Only a hang takes longer, on a machine with much else to do, too.
    package static let seconds = 240
}
