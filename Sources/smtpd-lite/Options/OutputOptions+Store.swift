import SMTPKit

extension OutputOptions {
    /// The store that the options describe.
    ///
    /// - Throws: ``StoreError`` when a file cannot be opened.
    var store: any MessageStore {
        get throws {
            var stores: [any MessageStore] = try mbox.map { path in
                try MboxStore(path: path, format: mboxFormat, synchronizes: fsync)
            }
            switch standardOutput {
            case .mbox: stores.append(StreamStore(descriptor: 1, format: .mbox(mboxFormat)))
            case .raw: stores.append(StreamStore(descriptor: 1, format: .raw))
            case nil: break
            }
            guard let first = stores.first else { return DiscardingStore() }
            return stores.count == 1 ? first : EveryStore(stores)
        }
    }
}
