//! 有没有网 — whether this computer has a way out, and whether it is another one than before. Nothing is sent: the system
//! is asked by which of its addresses it would go, which every system answers alike, Windows too.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// An address of nobody, for a township that is known by a name: to look the name up would already be talking.
const NOBODY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 9);

/// The address by which this computer would go to `township` (`host:port`); none when there is no way.
pub fn way_to(township: &str) -> Option<IpAddr> {
    let to = township.parse::<SocketAddr>().unwrap_or(NOBODY);
    let any: IpAddr = if to.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect(to).ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_a_way_to_oneself() {
        assert_eq!(way_to("127.0.0.1:8443"), Some(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        assert!(way_to("[::1]:8443").is_none_or(|ip| ip == IpAddr::V6(Ipv6Addr::LOCALHOST)));
    }

    #[test]
    fn a_name_is_not_looked_up() {
        assert_eq!(way_to("township.invalid:8443"), way_to("nobody.invalid:1"));
    }
}
