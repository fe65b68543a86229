internal import CCurl
internal import Isolation

/// One of libcurl's multi handles: the transfers to some of the hosts, and their connections.
///
/// There are several because libcurl looks at every connection of the handle whenever a transfer
/// leaves it, and at every address that it keeps: with 200 in flight that was a twentieth of the
/// time of a request.
final class CurlMulti {
    /// Its place among the others, by which epoll names the sockets that are its own.
    let number: Int
    /// When libcurl wants to be called, by the uptime that it is told; zero for at once, nil when
    /// it does not. Too early does no harm: libcurl then says again when.
    private(set) var due: Duration?
    private let handle: UnsafeMutableRawPointer
    private let sockets: SocketTable
    /// The uptime when libcurl was called: read once for all that its callbacks note.
    private(set) var called: Duration = .zero

    /// nil when libcurl has no memory left. `connectionsMax`: how many are kept.
    init?(number: Int, sockets: SocketTable, connectionsMax: Int) {
        guard let handle = curl_multi_init() else { return nil }
        self.number = number
        self.handle = handle
        self.sockets = sockets
        let me = Unmanaged.passUnretained(self).toOpaque()
        tamis_multi_set_socket_callback(handle, onSocket)
        tamis_multi_set_pointer(handle, CURLMOPT_SOCKETDATA, me)
        tamis_multi_set_timer_callback(handle, onTimer)
        tamis_multi_set_pointer(handle, CURLMOPT_TIMERDATA, me)
        tamis_multi_set_long(handle, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        tamis_multi_set_long(handle, CURLMOPT_MAXCONNECTS, connectionsMax)
    }

    /// Closes the connections that were kept. No transfer may be left in it.
    func close() {
        curl_multi_cleanup(handle)
        due = nil
    }

    /// Takes a transfer in; gives libcurl's words when it cannot.
    func add(_ transfer: Transfer) -> String? {
        let code = curl_multi_add_handle(handle, transfer.easy)
        return code == CURLM_OK ? nil : String(cString: curl_multi_strerror(code))
    }

    /// Lets go of a transfer, whether or not it has ended.
    func remove(_ transfer: Transfer, at uptime: Duration) {
        called = uptime
        curl_multi_remove_handle(handle, transfer.easy)
    }

    /// Lets libcurl do what is to be done, for one socket or because time has passed.
    func act(on socket: Int32?, _ mask: Int32, at uptime: Duration) {
        called = uptime
        if socket == nil { due = nil }
        var left: Int32 = 0
        curl_multi_socket_action(handle, socket ?? CURL_SOCKET_TIMEOUT, mask, &left)
    }

    /// A transfer that libcurl is done with, and its result; nil when there is none left.
    func nextFinished() -> (transfer: Transfer, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = Transfer.of(easy)
            else { continue }
            // The message is void once the handle is removed.
            return (transfer, tamis_message_result(message))
        }
        return nil
    }

    // MARK: - libcurl's callbacks: they take notes, and never call libcurl

    fileprivate func watch(_ socket: curl_socket_t, _ what: Int32) {
        sockets.watch(socket, what, for: number)
    }

    fileprivate func noteDue(milliseconds: Int) {
        due =
            switch milliseconds {
            case ..<0: nil
            case 0: .zero
            default: called + .milliseconds(milliseconds)
            }
    }
}

private func multi(at context: UnsafeMutableRawPointer?) -> CurlMulti? {
    context.map { Unmanaged<CurlMulti>.fromOpaque($0).takeUnretainedValue() }
}

private let onSocket: tamis_socket_callback = { _, socket, what, context, _ in
    multi(at: context)?.watch(socket, what)
    return 0
}

private let onTimer: tamis_timer_callback = { _, milliseconds, context in
    multi(at: context)?.noteDue(milliseconds: milliseconds)
    return 0
}
