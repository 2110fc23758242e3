// SPDX-License-Identifier: GPL-2.0
//! A simple HTTPS client with the Secure Socket API: std and libc, no crate.
//!	https_client_rs host port authorities.pem
use std::io::{copy, stdout, Error, Result, Write};
use std::{env::args, net::TcpStream, os::unix::io::FromRawFd};

#[repr(C)]
struct SockaddrHost(u16, u16, [u8; 124]);
extern "C" {
    fn socket(domain: i32, kind: i32, protocol: i32) -> i32;
    fn setsockopt(fd: i32, level: i32, name: i32, value: *const u8, len: u32) -> i32;
    fn getsockopt(fd: i32, level: i32, name: i32, value: *mut u8, len: *mut u32) -> i32;
    fn connect(fd: i32, addr: *const SockaddrHost, len: u32) -> i32;
}
const AF_HOSTNAME: u16 = 250;
const IPPROTO_TLS: i32 = 260;
const TLS_TRUSTED_PEER_CERTIFICATES: i32 = 87;
const TLS_ERROR: i32 = 100;

fn run(fd: i32, a: &[String]) -> Result<u64> {
    let check = |ret| if ret < 0 { Err(Error::last_os_error()) } else { Ok(()) };
    let mut addr = SockaddrHost(AF_HOSTNAME, a[2].parse::<u16>().unwrap().to_be(), [0; 124]);
    addr.2[..a[1].len()].copy_from_slice(a[1].as_bytes());
    let (pem, len) = (a[3].as_ptr(), a[3].len() as u32);
    check(unsafe { setsockopt(fd, IPPROTO_TLS, TLS_TRUSTED_PEER_CERTIFICATES, pem, len) })?;
    check(unsafe { connect(fd, &addr, 128) })?;
    let mut stream = unsafe { TcpStream::from_raw_fd(fd) };
    write!(stream, "GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", a[1])?;
    copy(&mut stream, &mut stdout())
}

fn main() {
    let (fd, mut text, mut len) = (unsafe { socket(2, 1, IPPROTO_TLS) }, [0u8; 256], 256);
    if let Err(error) = run(fd, &args().collect::<Vec<_>>()) {
        unsafe { getsockopt(fd, IPPROTO_TLS, TLS_ERROR, text.as_mut_ptr(), &mut len) };
        eprintln!("{}: {}", error, String::from_utf8_lossy(&text[..len as usize - 1]));
        std::process::exit(1);
    }
}
