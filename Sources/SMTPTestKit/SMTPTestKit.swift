@_exported public import SMTPKit
