import SMTPKit

extension OutputOptions {
    /// The store that the options describe.
    var store: any MessageStore {
        get throws {
            DiscardingStore()
        }
    }
}
