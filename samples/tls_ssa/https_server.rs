// SPDX-License-Identifier: GPL-2.0
//! A simple HTTPS server with the Secure Socket API: std and libc, no crate.
//!	https_server_rs CERT_FILE KEY_FILE port
use std::io::{BufRead, BufReader, Error, Result, Write};
use std::{env::args, net::TcpListener, net::TcpStream, os::unix::io::FromRawFd};

#[repr(C)]
struct SockaddrIn(u16, u16, u32, u64);
extern "C" {
    fn socket(domain: i32, kind: i32, protocol: i32) -> i32;
    fn setsockopt(fd: i32, level: i32, name: i32, value: *const u8, len: u32) -> i32;
    fn bind(fd: i32, addr: *const SockaddrIn, len: u32) -> i32;
    fn listen(fd: i32, backlog: i32) -> i32;
}
const AF_INET: u16 = 2;
const SOCK_STREAM: i32 = 1;
const IPPROTO_TLS: i32 = 260;
const TLS_CERTIFICATE_CHAIN: i32 = 88;
const TLS_PRIVATE_KEY: i32 = 89;

fn serve(mut client: TcpStream) -> Result<()> {
    let lines = BufReader::new(client.try_clone()?).lines();
    lines.take_while(|l| matches!(l, Ok(text) if !text.is_empty())).for_each(drop);
    client.write_all(b"HTTP/1.0 200 OK\r\n\r\nHello from Rust and the kernel's TLS.\n")
}

fn main() -> Result<()> {
    let check = |ret| if ret < 0 { Err(Error::last_os_error()) } else { Ok(ret) };
    let fd = check(unsafe { socket(AF_INET.into(), SOCK_STREAM, IPPROTO_TLS) })?;
    for (name, path) in [TLS_CERTIFICATE_CHAIN, TLS_PRIVATE_KEY].into_iter().zip(args().skip(1)) {
        check(unsafe { setsockopt(fd, IPPROTO_TLS, name, path.as_ptr(), path.len() as u32) })?;
    }
    let port: u16 = args().nth(3).unwrap().parse().unwrap();
    check(unsafe { bind(fd, &SockaddrIn(AF_INET, port.to_be(), 0, 0), 16) })?;
    check(unsafe { listen(fd, 4096) })?;
    let listener = unsafe { TcpListener::from_raw_fd(fd) };
    listener.incoming().flatten().map(serve).filter_map(Result::err).for_each(|e| eprintln!("{e}"));
    Ok(())
}
