// SPDX-License-Identifier: GPL-2.0

// Go's crypto/tls as the peer; peer_remote.c says what comes in on descriptor 0.
// With an argument it says the version of Go.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
)

var curves = map[string]tls.CurveID{
	"X25519": tls.X25519, "P-256": tls.CurveP256, "P-384": tls.CurveP384, "P-521": tls.CurveP521,
}

// What struct peer_config says, as far as this package can do it: it has no
// setting for the suites of TLS 1.3.
func config(role, version, suite, groups, cert, key, ca, name string) (*tls.Config, error) {
	c := &tls.Config{}
	c.MinVersion = map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}[version]
	c.MaxVersion = c.MinVersion
	for _, s := range tls.CipherSuites() {
		if version == "1.2" && suite == s.Name {
			c.CipherSuites = append(c.CipherSuites, s.ID)
		}
	}
	if groups != "-" {
		for _, g := range strings.Split(groups, ":") {
			c.CurvePreferences = append(c.CurvePreferences, curves[g])
		}
	}
	if role == "server" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		c.Certificates = []tls.Certificate{pair}
		return c, err
	}
	pem, err := os.ReadFile(ca)
	c.RootCAs = x509.NewCertPool()
	c.RootCAs.AppendCertsFromPEM(pem)
	c.ServerName = name
	return c, err
}

func handshake(args []string, fd int) (*tls.Conn, error) {
	file := os.NewFile(uintptr(fd), "tcp")
	tcp, err := net.FileConn(file)
	file.Close()
	if err != nil {
		return nil, err
	}
	c, err := config(args[0], args[1], args[2], args[3], args[4], args[5], args[6], args[7])
	if err != nil {
		tcp.Close()
		return nil, err
	}
	conn := tls.Client(tcp, c)
	if args[0] == "server" {
		conn = tls.Server(tcp, c)
	}
	err = conn.Handshake()
	if err != nil {
		tcp.Close()
	}
	return conn, err
}

// Send back what comes until close_notify, answer that.
func echo(conn *tls.Conn) error {
	_, err := io.Copy(conn, conn)
	if err != nil {
		return err
	}
	return conn.CloseWrite()
}

func main() {
	if len(os.Args) > 1 {
		fmt.Println(runtime.Version())
		return
	}
	file := os.NewFile(0, "control")
	c, err := net.FileConn(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, "# peer_go:", err)
		os.Exit(1)
	}
	control := c.(*net.UnixConn)
	var conn *tls.Conn
	for {
		line, oob := make([]byte, 4096), make([]byte, 64)
		n, oobn, _, _, err := control.ReadMsgUnix(line, oob)
		if err != nil || n == 0 {
			return
		}
		args := strings.Split(string(line[:n]), "\t")
		switch args[0] {
		case "client", "server":
			messages, _ := syscall.ParseSocketControlMessage(oob[:oobn])
			fds := []int{}
			if len(messages) == 1 {
				fds, _ = syscall.ParseUnixRights(&messages[0])
			}
			if len(fds) != 1 {
				err = errors.New("no socket came")
				break
			}
			conn, err = handshake(args, fds[0])
			if err == nil {
				name := tls.CipherSuiteName(conn.ConnectionState().CipherSuite)
				fmt.Fprintf(control, "ok\t%s", name)
			}
		case "echo":
			err = echo(conn)
			if err == nil {
				fmt.Fprint(control, "ok")
			}
		case "close":
			if conn != nil {
				conn.Close()
				conn = nil
			}
		}
		if err != nil {
			fmt.Fprintf(control, "error\t%v", err)
		}
	}
}
