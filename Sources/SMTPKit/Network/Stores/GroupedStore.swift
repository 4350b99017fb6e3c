/// A store that is one ``GroupedWriter``.
protocol GroupedStore: MessageStore {
    var writer: GroupedWriter { get }
}
