// SPDX-License-Identifier: GPL-2.0
//
// A simple HTTPS server, net/http without crypto/tls: https_server_go CERT_FILE KEY_FILE port
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	. "syscall"
)

const ipprotoTLS, certificateChain, privateKey = 260, 88, 89

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	port, err := strconv.Atoi(os.Args[3])
	check(err)
	fd, err := Socket(AF_INET, SOCK_STREAM, ipprotoTLS)
	check(err)
	check(SetsockoptString(fd, ipprotoTLS, certificateChain, os.Args[1]))
	check(SetsockoptString(fd, ipprotoTLS, privateKey, os.Args[2]))
	check(Bind(fd, &SockaddrInet4{Port: port}))
	check(Listen(fd, SOMAXCONN))
	listener, err := net.FileListener(os.NewFile(uintptr(fd), "tls"))
	check(err)
	check(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "Hello from Go and the kernel's TLS.")
	})))
}
