// libcurl for Swift, which imports no variadic function: one typed inline function per kind of
// option. https://curl.se/libcurl/c/ documents what they wrap.
#ifndef TAMIS_CCURL_SHIM_H
#define TAMIS_CCURL_SHIM_H

#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
// The socket set that the multi handle is driven by; not in Swift's Glibc module.
#include <sys/epoll.h>

// The checking macros of typecheck-gcc.h are for callers in C.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt
#undef curl_share_setopt

typedef size_t (*tamis_data_callback)(char *, size_t, size_t, void *);
typedef curl_socket_t (*tamis_open_callback)(void *, curlsocktype, struct curl_sockaddr *);
typedef int (*tamis_close_callback)(void *, curl_socket_t);
typedef int (*tamis_socket_callback)(CURL *, curl_socket_t, int, void *, void *);
typedef int (*tamis_timer_callback)(CURLM *, long, void *);
typedef int (*tamis_send_callback)(void *, char *, char *, int, int);
typedef int (*tamis_debug_callback)(CURL *, curl_infotype, char *, size_t, void *);

static inline CURLcode tamis_set_long(CURL *easy, CURLoption option, long value)
{
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode tamis_set_string(CURL *easy, CURLoption option, const char *value)
{
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode tamis_set_pointer(CURL *easy, CURLoption option, void *value)
{
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode tamis_set_list(CURL *easy, CURLoption option, struct curl_slist *value)
{
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode tamis_set_url(CURL *easy, CURLU *value)
{
    return curl_easy_setopt(easy, CURLOPT_CURLU, value);
}

static inline CURLcode tamis_set_data_callback(CURL *easy, CURLoption option,
                                               tamis_data_callback value)
{
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode tamis_set_open_callback(CURL *easy, tamis_open_callback value)
{
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, value);
}

static inline CURLcode tamis_set_close_callback(CURL *easy, tamis_close_callback value)
{
    return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, value);
}

static inline CURLcode tamis_set_send_callback(CURL *easy, tamis_send_callback value)
{
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, value);
}

static inline CURLcode tamis_set_debug_callback(CURL *easy, tamis_debug_callback value)
{
    return curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, value);
}

static inline CURLcode tamis_get_long(CURL *easy, CURLINFO info, long *value)
{
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode tamis_get_offset(CURL *easy, CURLINFO info, curl_off_t *value)
{
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode tamis_get_string(CURL *easy, CURLINFO info, const char **value)
{
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode tamis_multi_set_long(CURLM *multi, CURLMoption option, long value)
{
    return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode tamis_multi_set_pointer(CURLM *multi, CURLMoption option, void *value)
{
    return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode tamis_multi_set_socket_callback(CURLM *multi, tamis_socket_callback value)
{
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, value);
}

static inline CURLMcode tamis_multi_set_timer_callback(CURLM *multi, tamis_timer_callback value)
{
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, value);
}

// CURLMsg keeps its result in a union.
static inline CURLcode tamis_message_result(const CURLMsg *message)
{
    return message->data.result;
}

// tcp(7): how many bytes of a connection have come, read or not; 0 where that is not known. The C
// library's `struct tcp_info` ends before that field, the kernel's has it behind 104 bytes and three
// other counts.
static inline uint64_t tamis_bytes_received(int descriptor)
{
    unsigned char facts[136];
    socklen_t length = sizeof facts;
    uint64_t received = 0;
    if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, facts, &length) == 0
        && length == sizeof facts)
        memcpy(&received, facts + 128, sizeof received);
    return received;
}

static inline CURLcode tamis_global_init(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}

#endif
