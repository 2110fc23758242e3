// SPDX-License-Identifier: GPL-2.0
//
// A simple HTTPS client without crypto/tls: https_client_go host port authorities.pem
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	. "syscall"
	"unsafe"
)

const ipprotoTLS, remoteHostname, trustedPeerCertificates, tlsError = 260, 85, 87, 100

func check(err error, fd int) {
	if text, n := make([]byte, 256), uint32(256); err != nil {
		Syscall6(SYS_GETSOCKOPT, uintptr(fd), ipprotoTLS, tlsError,
			uintptr(unsafe.Pointer(&text[0])), uintptr(unsafe.Pointer(&n)), 0)
		fmt.Fprintf(os.Stderr, "%v: %s\n", err, text[:n-1])
		os.Exit(1)
	}
}

func main() {
	host, port := os.Args[1], os.Args[2]
	fd, err := Socket(AF_INET, SOCK_STREAM, ipprotoTLS)
	check(err, fd)
	check(SetsockoptString(fd, ipprotoTLS, remoteHostname, host), fd)
	check(SetsockoptString(fd, ipprotoTLS, trustedPeerCertificates, os.Args[3]), fd)
	addr, err := net.ResolveTCPAddr("tcp4", net.JoinHostPort(host, port))
	check(err, fd)
	check(Connect(fd, &SockaddrInet4{Port: addr.Port, Addr: *(*[4]byte)(addr.IP.To4())}), fd)
	conn := os.NewFile(uintptr(fd), host)
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host)
	_, err = io.Copy(os.Stdout, conn)
	check(err, fd)
}
