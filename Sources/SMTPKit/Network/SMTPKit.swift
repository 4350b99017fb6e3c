@_exported public import SMTPCore
