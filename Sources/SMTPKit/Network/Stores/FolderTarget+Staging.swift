import Glibc

/// A file that is being written and has no final name yet.
struct StagedFile {
    var descriptor: Int32
    /// Its temporary name, where the file system cannot do without one.
    var temporary: FileCalls.FileName?
}

/// Files before they are whole.
///
/// Where the file system supports it, a file has no name until it is whole, and disappears with the process. Elsewhere
/// it has a temporary name and a lock. A temporary name without a lock was left by a process that was killed.
extension FolderTarget {
    /// Creates the file for a message.
    func stage(_ name: String) throws(StoreError) -> StagedFile {
        guard usesUnnamedFiles else { return try stageNamed(name) }
        let here = FileCalls.FileName(folder: staging.descriptor, name: ".")
        let unnamed = calls.open(here, LinuxFlags.unnamedFile | O_WRONLY | O_CLOEXEC, 0o600)
        if unnamed >= 0 { return StagedFile(descriptor: Int32(unnamed)) }
        guard FileCalls.isWithoutUnnamedFiles(unnamed) else {
            throw StoreError(cannot: "make a file", path: path, errorNumber: Int32(-unnamed))
        }
        return try stageNamed(name)
    }

    private func stageNamed(_ name: String) throws(StoreError) -> StagedFile {
        let temporary = FileCalls.FileName(folder: staging.descriptor, name: files.stagingName(of: name))
        let named = calls.open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard named >= 0 else { throw StoreError(cannot: "make a file", path: path, errorNumber: Int32(-named)) }
        let file = StagedFile(descriptor: Int32(named), temporary: temporary)
        // Another process that starts now may have removed it before it was locked.
        var status = stat()
        guard lock(file.descriptor), calls.status(file.descriptor, &status) == 0, status.st_nlink > 0 else {
            _ = calls.close(file.descriptor)
            remove(temporary)
            throw StoreError(.unavailable, path: path, reason: "cannot make a file: it was taken for a left-over")
        }
        return file
    }

    /// Gives a whole file its name, which no other may have.
    func publish(_ staged: StagedFile, as name: String) -> StoreError? {
        let whole = FileCalls.FileName(folder: final.descriptor, name: name)
        guard let temporary = staged.temporary else {
            let result = calls.nameOpenFile(staged.descriptor, whole)
            // A folder that no longer has /proc, or a file system that promised too much: the next file has a name.
            if [ENOENT, EOPNOTSUPP, EXDEV, EPERM].contains(Int32(-result)) { usesUnnamedFiles = false }
            return failure(of: result)
        }
        var result = calls.rename(temporary, whole)
        // File systems that cannot rename without replacing, such as NFS, support links. FAT on old systems supports
        // neither; there a file of that name would be replaced.
        if result == -Int(EINVAL) || result == -Int(ENOSYS) {
            result = calls.link(temporary, whole)
            if result == 0 {
                remove(temporary)
            } else if result == -Int(EPERM) || result == -Int(EOPNOTSUPP), faccessat(whole.folder, name, F_OK, 0) != 0 {
                result = renameat(temporary.folder, temporary.name, whole.folder, name) == 0 ? 0 : -Int(errno)
            }
        }
        return failure(of: result)
    }

    private func failure(of result: Int) -> StoreError? {
        result == 0 ? nil : StoreError(cannot: "name a message", path: path, errorNumber: Int32(-result))
    }

    /// Removes files with a temporary name whose process is gone.
    func removeAbandoned() {
        for name in names(in: staging.descriptor) where files.isStagingName(name) {
            let file = FileCalls.FileName(folder: staging.descriptor, name: name)
            let opened = calls.open(file, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0)
            guard opened >= 0 else { continue }
            if lock(Int32(opened)) { _ = calls.unlink(file) }
            _ = calls.close(Int32(opened))
        }
    }

    /// Locks a file until it is closed, unless another process has it locked.
    private func lock(_ descriptor: Int32) -> Bool {
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        return calls.lock(descriptor, &lock) == 0
    }

    private func names(in folder: Int32) -> [String] {
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }
}
