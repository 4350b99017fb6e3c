/// The message of `:send`, as far as it was given.
struct Draft {
    var sender: HeaderAddress?
    var recipients: [HeaderAddress] = []
    var header: [HeaderLine] = []
    var body: String?
    var attachments: [Attachment] = []
}
